package io.parley.schedule.violations;

import io.parley.delegation.DelegationService;

/** Never service to service. */
public record SeesDelegation(DelegationService other) {}
