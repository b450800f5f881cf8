{{/* dict root, component: the pods of a component of this release, as a peer. */}}
{{- define "vitrina.peer" -}}
podSelector:
  matchLabels: {{- include "vitrina.selector" . | nindent 4 }}
{{- end -}}

{{- define "vitrina.egress.dns" -}}
- to: {{- toYaml .dns | nindent 4 }}
  ports:
    {{- range .dnsPorts }}
    - {port: {{ int . }}, protocol: UDP}
    - {port: {{ int . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{- define "vitrina.egress.postgres" -}}
{{- if .Values.postgres.enabled -}}
- to: [{{ include "vitrina.peer" (dict "root" . "component" "postgres") | fromYaml | toJson }}]
{{- else if .Values.postgres.external.to -}}
- to: {{- toYaml .Values.postgres.external.to | nindent 4 }}
{{- else -}}
- to: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: "::/0"}}]
{{- end }}
  ports: [{port: {{ include "vitrina.postgres.port" . }}, protocol: TCP}]
{{- end -}}
