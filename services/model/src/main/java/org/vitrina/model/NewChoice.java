package org.vitrina.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for other versions: {@code {"serving":[{"version":"2","weight":90},{"version":"1","weight":10}]}}. */
record NewChoice(@Nullable List<Share> serving) {}
