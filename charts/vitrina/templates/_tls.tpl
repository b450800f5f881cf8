{{/* dict root, name: the Secret with the authorities by which the certificate of PostgreSQL or RabbitMQ elsewhere is judged; none: those that Java trusts. */}}
{{- define "vitrina.tls.secret" -}}
{{- $values := index .root.Values .name -}}
{{- if and (not $values.enabled) (or (eq (dig "sslMode" "" $values.external) "verify-full") (dig "tls" false $values.external)) -}}
{{ $values.external.caSecret }}
{{- end -}}
{{- end -}}

{{/* The same: the file that it is in. */}}
{{- define "vitrina.tls.file" -}}
{{- if include "vitrina.tls.secret" . -}}/ca/{{ .name }}/ca.crt{{- end -}}
{{- end -}}

{{/* dict root, names: its volumes. */}}
{{- define "vitrina.tls.volumes" -}}
{{- range $name := .names -}}
{{- with include "vitrina.tls.secret" (dict "root" $.root "name" $name) }}
- name: ca-{{ $name }}
  secret: {secretName: {{ . | quote }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* dict root, names: where they are. */}}
{{- define "vitrina.tls.mounts" -}}
{{- range $name := .names -}}
{{- if include "vitrina.tls.secret" (dict "root" $.root "name" $name) }}
- {name: ca-{{ $name }}, mountPath: /ca/{{ $name }}, readOnly: true}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The root: how clients of Java are told to reach PostgreSQL, as the query of a URL. */}}
{{- define "vitrina.postgres.query" -}}
{{- with .Values.postgres -}}
{{- if and (not .enabled) (ne (.external.sslMode | default "disable") "disable") -}}
?sslmode={{ .external.sslMode }}
{{- end -}}
{{- end -}}
{{- end -}}
