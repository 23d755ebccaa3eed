/**
 * The delegation service's rules, pure: who represents each party, who said they will be where, and
 * on what condition. Begin with {@link io.parley.delegation.domain.DelegationDecider}.
 */
@NullMarked
package io.parley.delegation.domain;

import org.jspecify.annotations.NullMarked;
