package io.parley.deployment;

import java.util.List;

/** Something that the docs promise of what an overlay is rendered to. */
interface Rule {
  /** What breaks it, one line each; empty where it is kept. */
  List<String> violations(Rendering rendering);

  /** Its name. */
  String name();
}
