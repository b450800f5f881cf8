package org.vitrina.model;

import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for other versions: {@code {"serving":[{"version":"2","weight":90},{"version":"1","weight":10}]}}. */
record NewChoice(@Size(max = 100) @Nullable List<Share> serving) {}
