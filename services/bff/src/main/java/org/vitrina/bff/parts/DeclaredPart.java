package org.vitrina.bff.parts;

import org.vitrina.bff.PageConfig;
import org.vitrina.client.CallConfig;

/** A part of the page that a team has declared. */
public abstract sealed class DeclaredPart permits ProductPart, UserPart {
    private final String name;
    private final PageConfig.Part config;

    DeclaredPart(String name, PageConfig.Part config) {
        this.name = name;
        this.config = config;
    }

    /** The field's name, and the part's in {@code degraded}, metrics and logs. */
    public final String name() {
        return name;
    }

    /** What people read. */
    public final String label(boolean russian) {
        String label = config.label().orElse(name);
        return russian ? config.labelRu().orElse(label) : label;
    }

    /** Whether {@code /products/all} is no answer without it. */
    public final boolean required() {
        return config.required();
    }

    public final CallConfig calls() {
        return config;
    }

    /** The field of the service's answer that is the value. */
    final String field() {
        return config.value().orElse(name);
    }
}
