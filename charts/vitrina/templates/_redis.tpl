{{/* A Redis that only the pod can reach, as native sidecar (docs/adr/0014). No probe, and a shell that starts a dead server anew
     inside the container: whatever Redis does, the pod's readiness is the service's alone. */}}
{{- define "vitrina.redis.sidecar" -}}
- name: redis
  image: {{ include "vitrina.image" (dict "root" . "image" .Values.redis.image "tag" "") | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  restartPolicy: Always
  securityContext: {{- include "vitrina.containerSecurity" . | nindent 4 }}
  command: [sh, -c]
  args:
    - |
      trap 'kill "$child"; exit 0' TERM INT
      while true; do
        redis-server --port 0 --unixsocket /run/redis/redis.sock --unixsocketperm 700 --dir /run/redis \
          --save "" --appendonly no --maxmemory {{ .Values.redis.maxMemory }} --maxmemory-policy allkeys-lfu &
        child=$!
        wait "$child"
        echo "redis-server ended with $?, starting it again"
        sleep 1 & child=$!
        wait "$child"
      done
  resources: {{- toYaml .Values.redis.resources | nindent 4 }}
  volumeMounts:
    - {name: redis, mountPath: /run/redis}
{{- end -}}
