{{/* Start of every name. */}}
{{- define "vitrina.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name -}}
{{- end -}}

{{/* The services of this release by name, each with its defaults filled in (YAML). An external one has a url. */}}
{{- define "vitrina.services" -}}
{{- $services := dict -}}
{{- range $name, $own := .Values.services -}}
  {{- $service := include "vitrina.merged" (dict "under" $.Values.defaults "over" ($own | default dict)) | fromYaml -}}
  {{- /* an unquoted off is false to YAML */}}
  {{- $_ := set $service.cache "topology" ($service.cache.topology | default "off") -}}
  {{- if $service.enabled -}}{{- $_ := set $services $name $service -}}{{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end -}}

{{/* Two maps as one; `over` wins, also with false, 0 and "" (which mergeOverwrite would drop). Lists are replaced. */}}
{{- define "vitrina.merged" -}}
{{- $merged := deepCopy .under -}}
{{- range $key, $value := .over -}}
  {{- $under := get $merged $key -}}
  {{- if and (kindIs "map" $value) (kindIs "map" $under) -}}
    {{- $_ := set $merged $key (include "vitrina.merged" (dict "under" $under "over" $value) | fromYaml) -}}
  {{- else if not (kindIs "invalid" $value) -}}
    {{- $_ := set $merged $key $value -}}
  {{- end -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end -}}

{{/* dict root, component: the labels that selectors use; they never change. */}}
{{- define "vitrina.selector" -}}
app.kubernetes.io/name: vitrina
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end -}}

{{/* dict root, component: the labels of an object. */}}
{{- define "vitrina.labels" -}}
{{ include "vitrina.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | quote }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* dict root, component: the labels of a pod. */}}
{{- define "vitrina.podLabels" -}}
{{ include "vitrina.selector" . }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* dict root, component, annotations (its own, which win; may be missing): labels and annotations of an object. */}}
{{- define "vitrina.metadata" -}}
labels: {{- include "vitrina.labels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* dict root, image, tag (in case the image has none): its full name. */}}
{{- define "vitrina.image" -}}
{{- $repository := .image.repository -}}
{{- $tag := include "vitrina.text" (.image.tag | default .tag) -}}
{{- if hasPrefix "vitrina/" $repository -}}
  {{- with .root.Values.images.registry -}}
    {{- $repository = printf "%s/%s" (trimSuffix "/" .) (trimPrefix "vitrina/" $repository) -}}
  {{- end -}}
  {{- /* the migrations have no native image */}}
  {{- if and .root.Values.images.native (not (hasSuffix "/migrations" $repository)) -}}
    {{- $tag = printf "%s-native" $tag -}}
  {{- end -}}
{{- end -}}
{{- $host := first (splitList "/" $repository) -}}
{{- $named := and (contains "/" $repository) (or (contains "." $host) (contains ":" $host) (eq $host "localhost")) -}}
{{- if and .root.Values.image.registry (not $named) -}}
  {{- $repository = printf "%s/%s" (trimSuffix "/" .root.Values.image.registry) $repository -}}
{{- end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository $tag -}}
{{- end -}}
{{- end -}}

{{/* The tag of our own images. */}}
{{- define "vitrina.tag" -}}
{{- include "vitrina.text" (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{/* A size such as 96Mi, 48mb or 1.5G in bytes. */}}
{{- define "vitrina.bytes" -}}
{{- $text := include "vitrina.text" . -}}
{{- $unit := regexFind "[a-zA-Z]*$" $text -}}
{{- $units := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "kb" 1024 "mb" 1048576 "gb" 1073741824 -}}
{{- mulf (trimSuffix $unit $text | float64) (get $units $unit) | int64 -}}
{{- end -}}

{{/* A value as text: large numbers without an exponent. */}}
{{- define "vitrina.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) (float64 .)) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{/* Whether there is a way in from outside the cluster. */}}
{{- define "vitrina.edge.open" -}}
{{- if or .Values.ingress.enabled .Values.httpRoute.enabled }}true{{ end -}}
{{- end -}}

{{/* Whether what comes from outside goes through the chart's nginx. */}}
{{- define "vitrina.edge.proxied" -}}
{{- if and .Values.proxy.enabled (eq .Values.edge.service .Values.proxy.service) }}true{{ end -}}
{{- end -}}

{{/* The number of the user that a pod runs as. */}}
{{- define "vitrina.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . | int }}
runAsGroup: {{ . | int }}
fsGroup: {{ . | int }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "vitrina.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* What every pod says besides: it asks the API nothing, and needs no variables for each Service of the namespace. */}}
{{- define "vitrina.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* dict root, name, services: the address under which callers reach a service. */}}
{{- define "vitrina.url" -}}
{{- $service := index .services .name -}}
{{- if $service.url -}}
{{- trimSuffix "/" $service.url -}}
{{- else -}}
{{- $port := int $service.service.port -}}
http://{{ include "vitrina.fullname" .root }}-{{ .name }}{{ if ne $port 80 }}:{{ $port }}{{ end }}
{{- end -}}
{{- end -}}

{{/*
dict root, name, service, services: whether each of its pods has to be found, which a headless Service does: replicas that the
page of one that operates tells of, and services in which it may switch faults.
*/}}
{{- define "vitrina.pods" -}}
{{- $service := .service -}}
{{- $operated := false -}}
{{- range .services -}}{{- if and .operates (not .url) -}}{{- $operated = true -}}{{- end -}}{{- end -}}
{{- if and (not $service.url) (not $service.schedule) (or $service.operates (and $operated .root.Values.faults.enabled)) -}}true{{- end -}}
{{- end -}}

{{/* A service's name as part of an environment variable. */}}
{{- define "vitrina.variable" -}}
{{- . | upper | replace "-" "_" -}}
{{- end -}}

{{/* The role that makes databases; none when they are there already. */}}
{{- define "vitrina.postgres.admin" -}}
{{- if .Values.postgres.enabled }}postgres{{ else }}{{ .Values.postgres.external.adminUser }}{{ end -}}
{{- end -}}

{{/* The cluster's answer is known: not so in `helm template`, where every look-up finds nothing. */}}
{{- define "vitrina.connected" -}}
{{- if lookup "v1" "ServiceAccount" .Release.Namespace "default" }}true{{ end -}}
{{- end -}}
