package org.vitrina.cache;

import org.jspecify.annotations.Nullable;

/** What a load made of one key: a value, a failure, or neither, which means that there is no such thing. */
record LoadResult<V>(@Nullable V value, @Nullable Throwable failure) {}
