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

{{/* dict root, name: the way to PostgreSQL or the broker. */}}
{{- define "vitrina.egress.backing" -}}
{{- $values := index .root.Values .name -}}
{{- if $values.enabled -}}
- to: [{{ include "vitrina.peer" (dict "root" .root "component" .name) | fromYaml | toJson }}]
{{- else if $values.external.to -}}
- to: {{- toYaml $values.external.to | nindent 4 }}
{{- else -}}
- to: {{- .root.Values.networkPolicy.outside | default (list (dict "ipBlock" (dict "cidr" "0.0.0.0/0")) (dict "ipBlock" (dict "cidr" "::/0"))) | toYaml | nindent 4 }}
{{- end }}
  ports:
  {{- range uniq (splitList "," (include "vitrina.backing.each" (merge (dict "what" "port") .))) }}
    - {port: {{ . }}, protocol: TCP}
  {{- end }}
{{- end -}}

{{/* dict root, url (of a Redis elsewhere, or of its sentinels), to. */}}
{{- define "vitrina.egress.redis" -}}
{{- $ports := list -}}
{{- $servers := regexReplaceAll "^[a-z-]+://([^@/]*@)?([^/#]*).*$" .url "${2}" -}}
{{- range splitList "," $servers -}}{{- $ports = append $ports (regexFind "[0-9]+$" (regexFind ":[0-9]+$" .) | default (ternary "26379" "6379" (hasPrefix "redis-sentinel:" $.url))) -}}{{- end -}}
{{- /* the servers that sentinels name */}}
{{- if hasPrefix "redis-sentinel:" .url -}}{{- $ports = append $ports "6379" -}}{{- end -}}
ports:
  {{- range uniq $ports }}
  - {port: {{ . }}, protocol: TCP}
  {{- end }}
{{- with .to | default .root.Values.networkPolicy.outside }}
to: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* dict root, url. An address elsewhere is a name, which no policy can hold: its port, in what is outside. */}}
{{- define "vitrina.egress.elsewhere" -}}
{{- $port := regexFind "^https?://[^/?]*" .url | regexFind ":[0-9]+$" | trimPrefix ":" -}}
ports: [{port: {{ $port | default (ternary "443" "80" (hasPrefix "https:" .url)) }}, protocol: TCP}]
{{- with .root.Values.networkPolicy.outside }}
to: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
