{{/* dict topology: what a topology of the cache needs (docs/adr/0054): inPod, a Redis in the pod; central, the one that all share; memcached; folder. */}}
{{- define "vitrina.cache.needs" -}}
inPod: {{ has .topology (list "sidecar" "sidecar-replica" "distributed") }}
socket: {{ has .topology (list "sidecar" "sidecar-replica") }}
central: {{ has .topology (list "sidecar-replica" "dedicated" "replicated") }}
shards: {{ eq .topology "distributed" }}
password: {{ has .topology (list "sidecar-replica" "dedicated" "replicated" "distributed") }}
memcached: {{ eq .topology "memcached" }}
folder: {{ eq .topology "file" }}
{{- end -}}

{{/* The services whose cache needs one of these (YAML list). dict root, what. */}}
{{- define "vitrina.cache.users" -}}
{{- $names := list -}}
{{- range $name, $service := include "vitrina.services" .root | fromYaml -}}
  {{- if and (not $service.url) (get (include "vitrina.cache.needs" $service.cache | fromYaml) $.what) -}}{{- $names = append $names $name -}}{{- end -}}
{{- end -}}
{{- toYaml $names -}}
{{- end -}}

{{/* The Secret with the password of every Redis that listens on the network. */}}
{{- define "vitrina.redis.secret" -}}
{{- .Values.redis.existingSecret | default (printf "%s-redis" (include "vitrina.fullname" .)) -}}
{{- end -}}

{{/* The variable with that password. dict root, name (of the variable). */}}
{{- define "vitrina.redis.password" -}}
name: {{ .name }}
valueFrom: {secretKeyRef: {name: {{ include "vitrina.redis.secret" .root }}, key: redis-password}}
{{- end -}}

{{/* A Redis that is started anew when it dies, in a second and inside the container; the password comes by its standard input, so that
     no list of processes shows it. dict root, options, password (whether it has one), primary (whether it replicates one). */}}
{{- define "vitrina.redis.loop" -}}
trap 'kill "$child"; exit 0' TERM INT
{{- if .password }}
settings() {
  quoted=$(printf '%s' "$PASSWORD" | sed 's/[\\"]/\\&/g')
  printf 'requirepass "%s"\n' "$quoted"
  {{- if .primary }}
  printf 'masterauth "%s"\n' "$quoted"
  {{- end }}
}
{{- end }}
while true; do
  {{ if .password }}settings | redis-server - {{ else }}redis-server {{ end }}{{ .options }} \
    --save "" --appendonly no --maxmemory {{ .root.Values.redis.maxMemory }} --maxmemory-policy allkeys-lfu &
  child=$!
  wait "$child"
  echo "redis-server ended with $?, starting it again"
  sleep 1 & child=$!
  wait "$child"
done
{{- end -}}

{{/* A Redis in the pod, as native sidecar (docs/adr/0014). No probe, and a shell that starts a dead server anew inside the container:
     whatever Redis does, the pod's readiness is the service's alone. Only the pod can reach it, unless it is a shard. dict root, needs. */}}
{{- define "vitrina.redis.sidecar" -}}
{{- $options := "--port 0 --unixsocket /run/redis/redis.sock --unixsocketperm 700 --dir /run/redis" -}}
{{- if .needs.shards -}}{{- $options = "--port 6379 --dir /run/redis" -}}{{- end -}}
{{- if .needs.central -}}{{- $options = printf "%s --replicaof %s-redis 6379" $options (include "vitrina.fullname" .root) -}}{{- end -}}
- name: redis
  image: {{ include "vitrina.image" (dict "root" .root "image" .root.Values.redis.image "tag" "") | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  restartPolicy: Always
  securityContext: {{- include "vitrina.containerSecurity" .root | nindent 4 }}
  command: [sh, -c]
  args:
    - |
      {{- include "vitrina.redis.loop" (dict "root" .root "options" $options "password" .needs.password "primary" .needs.central) | nindent 6 }}
  {{- if .needs.password }}
  env:
    - {{ include "vitrina.redis.password" (dict "root" .root "name" "PASSWORD") | nindent 6 | trim }}
  {{- end }}
  {{- if .needs.shards }}
  ports:
    - {name: redis, containerPort: 6379, protocol: TCP}
  {{- end }}
  resources: {{- toYaml .root.Values.redis.resources | nindent 4 }}
  volumeMounts:
    - {name: redis, mountPath: /run/redis}
{{- end -}}

{{/* A cache that all pods share: one pod without a volume, for what is lost is loaded again. dict root, name, port, values, container (YAML). */}}
{{- define "vitrina.cache.server" -}}
{{- $fullname := printf "%s-%s" (include "vitrina.fullname" .root) .name -}}
{{- $identity := dict "root" .root "component" .name }}
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
    - {name: cache, port: {{ .port }}, targetPort: cache}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  replicas: 1
  # two at a time would be two caches behind one name
  strategy: {type: Recreate}
  selector:
    matchLabels: {{- include "vitrina.selector" $identity | nindent 6 }}
  template:
    metadata:
      labels: {{- include "vitrina.podLabels" $identity | nindent 8 }}
    spec:
      {{- include "vitrina.podBasics" .root | nindent 6 }}
      serviceAccountName: {{ $fullname }}
      terminationGracePeriodSeconds: 10
      securityContext: {{- include "vitrina.podSecurity" .values.runAsUser | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ include "vitrina.image" (dict "root" .root "image" .values.image "tag" "") | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          securityContext: {{- include "vitrina.containerSecurity" .root | nindent 12 }}
          ports:
            - {name: cache, containerPort: {{ .port }}, protocol: TCP}
          # a server that hangs is started anew; the services by-pass it until then
          livenessProbe:
            tcpSocket: {port: cache}
            periodSeconds: 10
            timeoutSeconds: 3
            failureThreshold: 3
          resources: {{- toYaml .values.resources | nindent 12 }}
          {{- .container | nindent 10 }}
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - name: data
          emptyDir: {sizeLimit: 1Mi}
{{- end -}}
