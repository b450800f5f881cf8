{{/* Not empty: each service logs in as a user of its own. */}}
{{- define "vitrina.rabbitmq.each" -}}
{{- if or .Values.rabbitmq.enabled (not .Values.rabbitmq.external.user) }}yes{{ end -}}
{{- end -}}

{{/* dict root, name (of a service): as whom it logs in. */}}
{{- define "vitrina.rabbitmq.user" -}}
{{- if include "vitrina.rabbitmq.each" .root }}{{ .name }}{{ else }}{{ .root.Values.rabbitmq.external.user }}{{ end -}}
{{- end -}}

{{/* dict root, name (of a service): the key of its password. */}}
{{- define "vitrina.rabbitmq.key" -}}
{{- if include "vitrina.rabbitmq.each" .root }}{{ .name }}-broker-password{{ else }}rabbitmq-password{{ end -}}
{{- end -}}

{{/* The services with a user of their own (YAML list). */}}
{{- define "vitrina.rabbitmq.services" -}}
{{- $names := list -}}
{{- if include "vitrina.rabbitmq.each" . -}}
  {{- range $name, $service := include "vitrina.services" . | fromYaml -}}
    {{- if and $service.broker.enabled (not $service.url) -}}{{- $names = append $names $name -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- toYaml $names -}}
{{- end -}}

{{/* The keys that the Secret with passwords must have (YAML list); of a broker elsewhere nobody here is the administrator. */}}
{{- define "vitrina.rabbitmq.keys" -}}
{{- $keys := list -}}
{{- if or .Values.rabbitmq.enabled .Values.rabbitmq.external.user -}}{{- $keys = append $keys "rabbitmq-password" -}}{{- end -}}
{{- range include "vitrina.rabbitmq.services" . | fromYamlArray -}}
  {{- $keys = append $keys (include "vitrina.rabbitmq.key" (dict "root" $ "name" .)) -}}
{{- end -}}
{{- toYaml $keys -}}
{{- end -}}

{{- define "vitrina.rabbitmq.virtualHost" -}}
{{- if .Values.rabbitmq.enabled }}/{{ else }}{{ .Values.rabbitmq.external.virtualHost }}{{ end -}}
{{- end -}}

{{/* Changes with any of the passwords in a Secret of the user's. */}}
{{- define "vitrina.rabbitmq.changed" -}}
{{- range include "vitrina.rabbitmq.keys" . | fromYamlArray -}}
{{- include "vitrina.backing.changed" (dict "root" $ "name" "rabbitmq" "key" .) -}}
{{- end -}}
{{- end -}}

{{- define "vitrina.rabbitmq.annotations" -}}
{{- with include "vitrina.rabbitmq.changed" . -}}
vitrina/broker-password: {{ . | quote }}
{{- end -}}
{{- end -}}

{{/* Who may do what (JSON): the administrator, and each service within its own exchanges and queues. */}}
{{- define "vitrina.rabbitmq.permissions" -}}
{{- $all := list (dict "user" "vitrina" "vhost" "/" "configure" ".*" "write" ".*" "read" ".*") -}}
{{- range include "vitrina.rabbitmq.services" . | fromYamlArray -}}
  {{- $all = append $all (merge (dict "user" . "vhost" "/") (index $.Values.rabbitmq.users .)) -}}
{{- end -}}
{{- toRawJson $all -}}
{{- end -}}

{{/* rabbitmq.conf: the user's settings over these. */}}
{{- define "vitrina.rabbitmq.settings" -}}
{{- /* ours are below 64 kB; what is larger is refused before a reader has a prefetch of it in its memory */}}
{{- $settings := dict "load_definitions" "/run/rabbitmq/definitions.json" "disk_free_limit.absolute" "128MB" "max_message_size" "131072" -}}
{{- with dig "limits" "memory" "" .Values.rabbitmq.resources -}}
  {{- /* beyond this it stops reading from senders; the rest is for what it does meanwhile */}}
  {{- $_ := set $settings "vm_memory_high_watermark.absolute" (mulf 0.6 (include "vitrina.bytes" . | int64) | int64 | toString) -}}
{{- end -}}
{{- range $key, $value := .Values.rabbitmq.settings -}}
  {{- $_ := set $settings $key (include "vitrina.text" $value) -}}
{{- end -}}
{{- range $key, $value := $settings }}
{{ $key }} = {{ $value }}
{{- end }}
{{- end -}}

{{/* What vitrina.backing must know of RabbitMQ: one node, whose data is the queues and what is in them. */}}
{{- define "vitrina.rabbitmq.pod" -}}
container:
  command: [sh, -ec]
  args:
    - |
      # read at each start: data that outlived its release has that one's password
      umask 077
      user() { printf '{"name": "%s", "password": "%s", "tags": [%s]}' "$1" "$(printenv "$2" | sed 's/[\\"]/\\&/g')" "$3"; }
      {
        printf '{"vhosts": [{"name": "/"}], "permissions": %s, "users": [' "$PERMISSIONS"
        user vitrina PASSWORD '"administrator"'
        {{- range include "vitrina.rabbitmq.services" . | fromYamlArray }}
        printf ', '
        user {{ . }} {{ include "vitrina.variable" . }}_PASSWORD ''
        {{- end }}
        echo ']}'
      } >/run/rabbitmq/definitions.json
      unset $(env | sed -n 's/^\([A-Z0-9_]*PASSWORD\)=.*/\1/p')
      printf '%s\n' "$SETTINGS" >/run/rabbitmq/rabbitmq.conf
      exec rabbitmq-server
  env:
    - name: PASSWORD
      valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" (dict "root" . "name" "rabbitmq") }}, key: rabbitmq-password}}
    {{- range include "vitrina.rabbitmq.services" . | fromYamlArray }}
    - name: {{ include "vitrina.variable" . }}_PASSWORD
      valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" (dict "root" $ "name" "rabbitmq") }}, key: {{ include "vitrina.rabbitmq.key" (dict "root" $ "name" .) }}}}
    {{- end }}
    - {name: PERMISSIONS, value: {{ include "vitrina.rabbitmq.permissions" . | quote }}}
    - {name: SETTINGS, value: {{ include "vitrina.rabbitmq.settings" . | trim | quote }}}
    - {name: RABBITMQ_CONFIG_FILE, value: /run/rabbitmq/rabbitmq.conf}
    # the data's folder has the node's name: one that the pod's name does not change
    - {name: RABBITMQ_NODENAME, value: rabbit@localhost}
    - {name: RABBITMQ_MNESIA_BASE, value: /data/mnesia}
    # the cookie, which nobody may read but its owner: fsGroup would open it on the volume
    - {name: HOME, value: /run/rabbitmq}
    - {name: RABBITMQ_LOGS, value: "-"}
    - {name: RABBITMQ_LOG_BASE, value: /tmp}
    - {name: ERL_CRASH_DUMP_BYTES, value: "0"}
    # nobody else's node: names and distribution on loopback; and no busy waiting for work
    - {name: ERL_EPMD_ADDRESS, value: 127.0.0.1}
    - name: RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS
      value: "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
  # by TCP: it listens when it has read its queues, and rabbitmq-diagnostics would take a second of CPU each time
  startupProbe:
    tcpSocket: {port: amqp}
    periodSeconds: 1
    timeoutSeconds: 3
    failureThreshold: 300
  livenessProbe:
    tcpSocket: {port: amqp}
    periodSeconds: 15
    timeoutSeconds: 10
    failureThreshold: 4
  readinessProbe:
    tcpSocket: {port: amqp}
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 3
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: run, mountPath: /run/rabbitmq}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 64Mi}
  - name: run
    emptyDir: {medium: Memory, sizeLimit: 4Mi}
{{- end -}}
