package io.parley.announcement.violations;

import io.parley.desk.DeskApplication;

/** A service does not know where it runs. */
public record SeesDesk(DeskApplication desk) {}
