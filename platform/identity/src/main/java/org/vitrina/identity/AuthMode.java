package org.vitrina.identity;

/** Whose tokens count. */
public enum AuthMode {
    /** Nobody's: every caller has every role, and whom a request names is believed. */
    OFF,
    /** Those of the install's own issuer, where anybody may be any user. */
    DEMO,
    /** Those of a provider (OpenID Connect). */
    OIDC
}
