{{- define "vitrina.rabbitmq.user" -}}
{{- if .Values.rabbitmq.enabled }}vitrina{{ else }}{{ .Values.rabbitmq.external.user }}{{ end -}}
{{- end -}}

{{- define "vitrina.rabbitmq.virtualHost" -}}
{{- if .Values.rabbitmq.enabled }}/{{ else }}{{ .Values.rabbitmq.external.virtualHost }}{{ end -}}
{{- end -}}

{{- define "vitrina.rabbitmq.changed" -}}
{{- include "vitrina.backing.changed" (dict "root" . "name" "rabbitmq" "key" "rabbitmq-password") -}}
{{- end -}}

{{- define "vitrina.rabbitmq.annotations" -}}
{{- with include "vitrina.rabbitmq.changed" . -}}
vitrina/broker-password: {{ . | quote }}
{{- end -}}
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
      password=$(printf %s "$PASSWORD" | sed 's/[\\"]/\\&/g')
      cat >/run/rabbitmq/definitions.json <<JSON
      {"users": [{"name": "vitrina", "password": "$password", "tags": ["administrator"]}],
       "vhosts": [{"name": "/"}],
       "permissions": [{"user": "vitrina", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}]}
      JSON
      unset PASSWORD password
      printf '%s\n' "$SETTINGS" >/run/rabbitmq/rabbitmq.conf
      exec rabbitmq-server
  env:
    - name: PASSWORD
      valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" (dict "root" . "name" "rabbitmq") }}, key: rabbitmq-password}}
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
