{{/* A server with data of its own that the chart runs for a first try: one pod, one volume at /data.
     dict root, name, values (image, runAsUser, storage, resources, nodeSelector, tolerations, affinity), port (name, number),
     pod (YAML: container's further fields, and volumes), annotations (of the pod; YAML, may be empty). */}}
{{- define "vitrina.backing" -}}
{{- $root := .root -}}
{{- $fullname := printf "%s-%s" (include "vitrina.fullname" $root) .name -}}
{{- $identity := dict "root" $root "component" .name -}}
{{- $pod := .pod | fromYaml }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  selector: {{- include "vitrina.selector" $identity | nindent 4 }}
  ports:
    - {name: {{ .port.name }}, port: {{ .port.number }}, targetPort: {{ .port.name }}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  replicas: 1
  serviceName: {{ $fullname }}
  selector:
    matchLabels: {{- include "vitrina.selector" $identity | nindent 6 }}
  # the data outlives the release and every mistake with it
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
  template:
    metadata:
      labels: {{- include "vitrina.podLabels" $identity | nindent 8 }}
      {{- with .annotations }}
      annotations: {{- . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "vitrina.podBasics" $root | nindent 6 }}
      serviceAccountName: {{ $fullname }}
      terminationGracePeriodSeconds: 60
      securityContext: {{- include "vitrina.podSecurity" .values.runAsUser | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ include "vitrina.image" (dict "root" $root "image" .values.image "tag" "") | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          securityContext: {{- include "vitrina.containerSecurity" $root | nindent 12 }}
          ports:
            - {name: {{ .port.name }}, containerPort: {{ .port.number }}, protocol: TCP}
          resources: {{- toYaml .values.resources | nindent 12 }}
          {{- toYaml (omit $pod.container "volumeMounts") | nindent 10 }}
          volumeMounts:
            - {name: data, mountPath: /data}
            {{- toYaml $pod.container.volumeMounts | nindent 12 }}
      volumes: {{- toYaml $pod.volumes | nindent 8 }}
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
  volumeClaimTemplates:
    - metadata:
        name: data
        labels: {{- include "vitrina.selector" $identity | nindent 10 }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .values.storage.className }}
        storageClassName: {{ . }}
        {{- end }}
        resources: {requests: {storage: {{ include "vitrina.text" .values.storage.size }}}}
{{- end -}}

{{/* dict root, name (postgres, rabbitmq): where it is, the chart's own or the external one; of several servers all, as the user wrote them. */}}
{{- define "vitrina.backing.host" -}}
{{- $values := index .root.Values .name -}}
{{- if $values.enabled -}}
{{ include "vitrina.fullname" .root }}-{{ .name }}
{{- else -}}
{{ $values.external.host }}
{{- end -}}
{{- end -}}

{{/* The same: the port of those that have none of their own. */}}
{{- define "vitrina.backing.port" -}}
{{- $values := index .root.Values .name -}}
{{- ternary (get (dict "postgres" 5432 "rabbitmq" 5672) .name) $values.external.port $values.enabled | int -}}
{{- end -}}

{{/* The same: each server (YAML list of host and port). */}}
{{- define "vitrina.backing.servers" -}}
{{- $port := include "vitrina.backing.port" . -}}
{{- range splitList "," (include "vitrina.backing.host" .) }}
- {host: {{ regexFind "^[^:]*" (trim .) | quote }}, port: {{ ternary (regexFind "[0-9]+$" .) $port (contains ":" .) }}}
{{- end }}
{{- end -}}

{{/* The same, what (host, port): that of each, commas between. */}}
{{- define "vitrina.backing.each" -}}
{{- $all := list -}}
{{- range include "vitrina.backing.servers" . | fromYamlArray -}}{{- $all = append $all (get . $.what | toString) -}}{{- end -}}
{{- join "," $all -}}
{{- end -}}

{{/* dict root, database, scheme, query: the URLs of a database at each server of PostgreSQL, commas between. */}}
{{- define "vitrina.postgres.urls" -}}
{{- $all := list -}}
{{- range include "vitrina.backing.servers" (dict "root" .root "name" "postgres") | fromYamlArray -}}
  {{- $all = append $all (printf "%s://%s:%d/%s%s" $.scheme .host (int .port) $.database $.query) -}}
{{- end -}}
{{- join "," $all -}}
{{- end -}}

{{/* dict root, name: the Secret with its passwords. */}}
{{- define "vitrina.backing.secret" -}}
{{- (index .root.Values .name).existingSecret | default (printf "%s-%s" (include "vitrina.fullname" .root) .name) -}}
{{- end -}}

{{/* dict root, name, keys: that Secret, unless the user has one. What was generated once is kept. */}}
{{- define "vitrina.backing.generated" -}}
{{- $values := index .root.Values .name -}}
{{- if and $values.enabled (not $values.existingSecret) -}}
{{- $name := include "vitrina.backing.secret" . -}}
{{- $old := (lookup "v1" "Secret" .root.Release.Namespace $name).data | default dict -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}
  {{- include "vitrina.metadata" (dict "root" .root "component" .name) | nindent 2 }}
type: Opaque
data:
  {{- range $key := .keys }}
  {{ $key }}: {{ get $old $key | default (randAlphaNum 32 | b64enc) }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* dict root, name, key: changes with that password in a Secret of the user's; nothing where the cluster is not asked. */}}
{{- define "vitrina.backing.changed" -}}
{{- with (index .root.Values .name).existingSecret -}}
  {{- $data := (lookup "v1" "Secret" $.root.Release.Namespace .).data | default dict -}}
  {{- /* too short to try passwords on */}}
  {{- with get $data $.key -}}{{ sha256sum . | trunc 8 }}{{- end -}}
{{- end -}}
{{- end -}}
