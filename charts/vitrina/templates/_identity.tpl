{{/* Who callers are: docs/identity.md. */}}

{{/* The Secret with the install's keys (demo) or its clients' secrets (oidc). */}}
{{- define "vitrina.identity.secret" -}}
{{- .Values.auth.existingSecret | default (printf "%s-identity" (include "vitrina.fullname" .)) -}}
{{- end -}}

{{/* dict root, service: what the service is told (YAML). */}}
{{- define "vitrina.identity.env" -}}
{{- $auth := .root.Values.auth -}}
VITRINA_AUTH: {{ include "vitrina.identity.mode" .root | quote }}
{{- if eq (include "vitrina.identity.mode" .root) "off" }}
VITRINA_AUTH_ALLOW_OPEN_NETWORK: "true"
{{- else if eq $auth.mode "demo" }}
VITRINA_IDENTITY_KEYS: file:/identity/tls.crt
{{- if or .service.auth.signIn .service.auth.signs }}
VITRINA_IDENTITY_SIGNING_KEY: /identity/tls.key
{{- end }}
{{- else }}
VITRINA_IDENTITY_ISSUER: {{ $auth.oidc.issuer | quote }}
{{- with $auth.oidc.jwksUrl }}
VITRINA_IDENTITY_KEYS: {{ . | quote }}
{{- end }}
VITRINA_IDENTITY_AUDIENCE: {{ $auth.oidc.audience | quote }}
VITRINA_IDENTITY_ROLES_CLAIM: {{ $auth.oidc.rolesClaim | quote }}
VITRINA_IDENTITY_USER_CLAIM: {{ $auth.oidc.userClaim | quote }}
{{- if .service.auth.signs }}
VITRINA_IDENTITY_TOKEN_URL: {{ $auth.oidc.tokenUrl | quote }}
{{- end }}
{{- if .service.auth.signIn }}
{{- with $auth.oidc.clientId }}
VITRINA_IDENTITY_CLIENT_ID: {{ . | quote }}
{{- end }}
VITRINA_SESSION_OIDC_SCOPES: {{ $auth.oidc.scopes | quote }}
{{- with $auth.oidc.parameters }}
VITRINA_SESSION_OIDC_PARAMETERS: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .service.auth.signIn $auth.sessions.redisUrl }}
VITRINA_SESSION_REDIS_URL: {{ $auth.sessions.redisUrl | quote }}
{{- end }}
{{- end -}}

{{/* An unquoted off is false to YAML. */}}
{{- define "vitrina.identity.mode" -}}
{{- .Values.auth.mode | default "off" -}}
{{- end -}}

{{/* dict root, name, service, own (variables that the service has of its own): what it has from the Secret. */}}
{{- define "vitrina.identity.secrets" -}}
{{- $secret := include "vitrina.identity.secret" .root -}}
{{- $mode := include "vitrina.identity.mode" .root -}}
{{- if and (ne $mode "off") .service.auth.signIn (not (has "VITRINA_SESSION_KEYS" .own)) }}
- name: VITRINA_SESSION_KEYS
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: session-key}}
{{- end }}
{{- $client := or .service.auth.signs (and .service.auth.signIn .root.Values.auth.oidc.clientSecret) }}
{{- if and (eq $mode "oidc") $client (not (has "VITRINA_IDENTITY_CLIENT_SECRET" .own)) }}
- name: VITRINA_IDENTITY_CLIENT_SECRET
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ .name }}-client-secret}}
{{- end }}
{{- end -}}

{{/* dict root, service: the public key, and the private one for who signs. */}}
{{- define "vitrina.identity.volume" -}}
secret:
  secretName: {{ include "vitrina.identity.secret" .root }}
  # read by the group of the pod
  defaultMode: 0440
  items:
    - {key: tls.crt, path: tls.crt}
    {{- if or .service.auth.signIn .service.auth.signs }}
    - {key: tls.key, path: tls.key}
    {{- end }}
{{- end -}}
