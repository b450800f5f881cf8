{{/* At the start of every template. `helm upgrade --reuse-values` brings the values of the chart before, which know nothing of what is new
     in this one: what they lack is taken from this chart's (files/values.yaml, a copy of them). */}}
{{- define "vitrina.values" -}}
{{- $ours := .Files.Get "files/values.yaml" | fromYaml -}}
{{- if ne (get .Values "valuesOf" | toString) $ours.valuesOf -}}
  {{- $all := include "vitrina.merged" (dict "under" $ours "over" .Values) | fromYaml -}}
  {{- range $name, $service := $ours.services -}}
    {{- $merged := get $all.services $name -}}
    {{- /* whom a service calls is no choice of the user's */}}
    {{- with $service.calls }}{{ $_ := set $merged "calls" (concat ($merged.calls | default list) . | uniq) }}{{ end -}}
    {{- $own := list -}}
    {{- range $merged.extraEnv -}}{{- $own = append $own .name -}}{{- end -}}
    {{- range $service.extraEnv -}}
      {{- if not (has .name $own) }}{{ $_ := set $merged "extraEnv" (append $merged.extraEnv .) }}{{ end -}}
    {{- end -}}
  {{- end -}}
  {{- range $key, $value := $all }}{{ $_ := set $.Values $key $value }}{{ end -}}
  {{- $_ := set .Values "valuesOf" $ours.valuesOf -}}
{{- end -}}
{{- end -}}
