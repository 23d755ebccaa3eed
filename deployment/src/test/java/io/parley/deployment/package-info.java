/**
 * Checks of the manifests in {@code k8s/}: of each file, and of what each overlay is rendered to.
 */
@NullMarked
package io.parley.deployment;

import org.jspecify.annotations.NullMarked;
