{{/* dict root, name, service, services: all objects of one service but its network policy and migrations. */}}
{{- define "vitrina.service" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $fullname := printf "%s-%s" (include "vitrina.fullname" $root) .name -}}
{{- $identity := dict "root" $root "component" .name -}}
{{- $oneport := eq (int $service.ports.http) (int $service.ports.management) -}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
automountServiceAccountToken: false
{{- if not $service.schedule }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" (merge (dict "annotations" $service.service.annotations) $identity) | nindent 2 }}
spec:
  type: {{ $service.service.type }}
  {{- if eq $service.service.sessionAffinity "ClientIP" }}
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: {{ $service.service.sessionAffinitySeconds | int }}}}
  {{- end }}
  selector: {{- include "vitrina.selector" $identity | nindent 4 }}
  ports:
    - name: http
      port: {{ $service.service.port | int }}
      targetPort: http
      {{- with $service.service.nodePort | int }}
      nodePort: {{ . }}
      {{- end }}
    {{- /* not on the nodes' ports: health and metrics are no one's business there */}}
    {{- if and (not $oneport) (eq $service.service.type "ClusterIP") }}
    - name: management
      port: {{ $service.ports.management | int }}
      targetPort: management
    {{- end }}
{{- if and (not $oneport) (ne $service.service.type "ClusterIP") $root.Values.metrics.serviceMonitor.enabled }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}-management
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  type: ClusterIP
  selector: {{- include "vitrina.selector" $identity | nindent 4 }}
  ports:
    - name: management
      port: {{ $service.ports.management | int }}
      targetPort: management
{{- end }}
{{- end }}
{{- if include "vitrina.pods" . }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}-pods
  {{- include "vitrina.metadata" (dict "root" $root "component" "pods") | nindent 2 }}
spec:
  # its name has the address of each pod, ready or not: one that is not tells so, and a fault in it can be ended
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {{- include "vitrina.selector" $identity | nindent 4 }}
  ports:
    - name: http
      port: {{ $service.ports.http | int }}
      targetPort: http
    {{- if not $oneport }}
    - name: management
      port: {{ $service.ports.management | int }}
      targetPort: management
    {{- end }}
{{- end }}
{{- if $service.schedule }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  schedule: {{ $service.schedule | quote }}
  concurrencyPolicy: Forbid
  # so late it is still begun, after which it waits for its next time
  startingDeadlineSeconds: 600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      backoffLimit: 1
      activeDeadlineSeconds: 3600
      template:
        metadata: {{- include "vitrina.service.podMetadata" . | nindent 10 }}
        spec: {{- include "vitrina.service.pod" (merge (dict "fullname" $fullname "oneport" $oneport) .) | nindent 10 }}
{{- else }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  {{- if not $service.autoscaling.enabled }}
  replicas: {{ $service.replicas | int }}
  {{- else }}
  {{- /* without a number the upgrade that turns autoscaling on would leave one pod until the autoscaler looks */}}
  {{- with (lookup "apps/v1" "Deployment" $root.Release.Namespace $fullname).spec }}
  replicas: {{ .replicas | int | default (int $service.autoscaling.minReplicas) }}
  {{- end }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels: {{- include "vitrina.selector" $identity | nindent 6 }}
  template:
    metadata: {{- include "vitrina.service.podMetadata" . | nindent 6 }}
    spec: {{- include "vitrina.service.pod" (merge (dict "fullname" $fullname "oneport" $oneport) .) | nindent 6 }}
{{- if $service.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  maxUnavailable: {{ $service.podDisruptionBudget.maxUnavailable | int }}
  # a pod that serves nobody may always be moved
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "vitrina.selector" $identity | nindent 6 }}
{{- end }}
{{- if $service.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $fullname }}
  {{- include "vitrina.metadata" $identity | nindent 2 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $fullname }}}
  minReplicas: {{ $service.autoscaling.minReplicas | int }}
  maxReplicas: {{ $service.autoscaling.maxReplicas | int }}
  metrics:
    # of the service's container alone: a busy sidecar is no reason for another pod
    - type: ContainerResource
      containerResource:
        container: {{ .name | quote }}
        name: cpu
        target: {type: Utilization, averageUtilization: {{ $service.autoscaling.targetCPUUtilizationPercentage | int }}}
  {{- with $service.autoscaling.behavior }}
  behavior: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{ end -}}

{{/* As vitrina.service: labels and annotations of its pods. */}}
{{- define "vitrina.service.podMetadata" -}}
{{- $root := .root -}}
{{- $service := .service -}}
labels:
  {{- include "vitrina.podLabels" (dict "root" $root "component" .name) | nindent 2 }}
  {{- with $service.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ .name | quote }}
  {{- if $service.database.enabled }}
  {{- with include "vitrina.backing.changed" (dict "root" $root "name" "postgres" "key" (printf "%s-password" .name)) }}
  vitrina/password: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- if $service.broker.enabled }}
  {{- with include "vitrina.backing.changed" (dict "root" $root "name" "rabbitmq" "key" (include "vitrina.rabbitmq.key" (dict "root" $root "name" .name))) }}
  vitrina/broker-password: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- with $service.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* As vitrina.service, with fullname and oneport: the pod of a service. */}}
{{- define "vitrina.service.pod" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $cache := include "vitrina.cache.needs" $service.cache | fromYaml -}}
{{- $stores := dict "root" $root "names" (concat (ternary (list "postgres") list $service.database.enabled) (ternary (list "rabbitmq") list $service.broker.enabled)) -}}
{{- include "vitrina.podBasics" $root }}
serviceAccountName: {{ .fullname }}
{{- if $service.schedule }}
restartPolicy: Never
{{- end }}
terminationGracePeriodSeconds: {{ add $service.shutdown.delaySeconds $service.shutdown.timeoutSeconds 7 }}
securityContext: {{- include "vitrina.podSecurity" $service.runAsUser | nindent 2 }}
{{- with $service.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if $cache.inPod }}
initContainers:
  {{- include "vitrina.redis.sidecar" (dict "root" $root "needs" $cache) | nindent 2 }}
{{- end }}
containers:
  - name: {{ .name | quote }}
    image: {{ include "vitrina.image" (dict "root" $root "image" $service.image "tag" (include "vitrina.tag" $root)) | quote }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    securityContext: {{- include "vitrina.containerSecurity" $root | nindent 6 }}
    {{- if not $service.schedule }}
    ports:
      - {name: http, containerPort: {{ $service.ports.http | int }}, protocol: TCP}
      {{- if not .oneport }}
      - {name: management, containerPort: {{ $service.ports.management | int }}, protocol: TCP}
      {{- end }}
    {{- end }}
    env: {{- include "vitrina.service.env" . | trim | nindent 6 }}
    {{- if $service.shutdown.preStop }}
    lifecycle:
      preStop: {sleep: {seconds: {{ $service.shutdown.delaySeconds | int }}}}
    {{- end }}
    {{- range $probe, $field := ternary dict (dict "startup" "startupProbe" "live" "livenessProbe" "ready" "readinessProbe") (not (empty $service.schedule)) }}
    {{- $settings := index $service.probes $probe }}
    {{ $field }}:
      httpGet: {path: {{ $settings.path | quote }}, port: {{ ternary "http" "management" $.oneport }}}
      periodSeconds: {{ $settings.periodSeconds | int }}
      timeoutSeconds: {{ $settings.timeoutSeconds | int }}
      failureThreshold: {{ $settings.failureThreshold | int }}
    {{- end }}
    {{- $native := and $root.Values.images.native (hasPrefix "vitrina/" $service.image.repository) }}
    resources: {{- mergeOverwrite (deepCopy $service.resources) (ternary $service.nativeResources dict $native) | toYaml | nindent 6 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- if $cache.socket }}
      - {name: redis, mountPath: /run/redis}
      {{- end }}
      {{- if $cache.folder }}
      - {name: cache, mountPath: /cache}
      {{- end }}
      {{- with include "vitrina.tls.mounts" $stores | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- if eq $root.Values.auth.mode "demo" }}
      - {name: identity, mountPath: /identity, readOnly: true}
      {{- end }}
      {{- with $service.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: {{ include "vitrina.text" $service.tmp.sizeLimit }}}
  {{- if $cache.inPod }}
  - name: redis
    emptyDir: {sizeLimit: 1Mi}
  {{- end }}
  {{- if $cache.folder }}
  # outlives a restart of the container, not the pod
  - name: cache
    emptyDir: {sizeLimit: 512Mi}
  {{- end }}
  {{- with include "vitrina.tls.volumes" $stores | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if eq $root.Values.auth.mode "demo" }}
  - name: identity
    {{- include "vitrina.identity.volume" (dict "root" $root "service" $service) | nindent 4 }}
  {{- end }}
  {{- with $service.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if and $service.topologySpread (not $service.schedule) }}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    # each release of the service is spread by itself, or a rolling update ends lopsided
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- include "vitrina.selector" (dict "root" $root "component" $.name) | nindent 8 }}
  {{- end }}
{{- end }}
{{- with $service.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* As vitrina.service: the environment of a service. What is given by name replaces ours; extraEnv comes last and wins. */}}
{{- define "vitrina.service.env" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $env := dict
    "QUARKUS_HTTP_HOST" "0.0.0.0"
    "QUARKUS_HTTP_PORT" ($service.ports.http | int | toString)
    "VITRINA_LOG" $service.log
    "VITRINA_SHUTDOWN_DELAY" (printf "%ds" (ternary 0 (int $service.shutdown.delaySeconds) $service.shutdown.preStop))
    "VITRINA_SHUTDOWN_TIMEOUT" (printf "%ds" (int $service.shutdown.timeoutSeconds))
    "VITRINA_CACHE_TOPOLOGY" $service.cache.topology -}}
{{- $env = merge $env (include "vitrina.identity.env" (dict "root" $root "service" $service) | fromYaml) -}}
{{- if not .oneport -}}
  {{- $_ := set $env "QUARKUS_MANAGEMENT_HOST" "0.0.0.0" -}}
  {{- $_ := set $env "QUARKUS_MANAGEMENT_PORT" ($service.ports.management | int | toString) -}}
{{- end -}}
{{- with $root.Values.traces -}}
  {{- if .url -}}
    {{- $_ := set $env "VITRINA_TRACES_URL" .url -}}
    {{- $_ := set $env "VITRINA_TRACES_SHARE" (toString .share) -}}
  {{- end -}}
{{- end -}}
{{- $cache := include "vitrina.cache.needs" $service.cache | fromYaml -}}
{{- $central := $root.Values.redis.external.url | default (printf "redis://%s-redis:6379" (include "vitrina.fullname" $root)) -}}
{{- if $cache.socket -}}
  {{- $_ := set $env "VITRINA_CACHE_REDIS_URL" "unix:///run/redis/redis.sock" -}}
{{- else if $cache.central -}}
  {{- $_ := set $env "VITRINA_CACHE_REDIS_URL" $central -}}
{{- end -}}
{{- if and $cache.socket $cache.central -}}
  {{- $_ := set $env "VITRINA_CACHE_REDIS_PRIMARY_URL" $central -}}
{{- end -}}
{{- if $cache.shards -}}
  {{- $_ := set $env "VITRINA_CACHE_REDIS_SHARDS" (printf "%s-shards:6379" .fullname) -}}
{{- end -}}
{{- if $cache.memcached -}}
  {{- $_ := set $env "VITRINA_CACHE_MEMCACHED_ADDRESS" (printf "%s-memcached:11211" (include "vitrina.fullname" $root)) -}}
{{- end -}}
{{- if $cache.folder -}}
  {{- $_ := set $env "VITRINA_CACHE_FILE_FOLDER" "/cache" -}}
{{- end -}}
{{- range $callee := $service.calls -}}
  {{- $variable := printf "VITRINA_%s_%s_URL" (include "vitrina.variable" $.name) (include "vitrina.variable" $callee) -}}
  {{- $_ := set $env $variable (include "vitrina.url" (dict "root" $root "name" $callee "services" $.services)) -}}
{{- end -}}
{{- if $root.Values.faults.enabled -}}
  {{- $_ := set $env "VITRINA_FAULTS_ENABLED" "true" -}}
{{- end -}}
{{- if $service.operates -}}
  {{- $start := include "vitrina.fullname" $root -}}
  {{- $_ := set $env (printf "VITRINA_%s_OPS_REPLICAS" (include "vitrina.variable" .name)) (printf "http://%s-%s-pods:%d" $start .name (int $service.ports.http)) -}}
  {{- $switches := list -}}
  {{- range $name, $other := $.services -}}
    {{- if and $root.Values.faults.enabled (include "vitrina.pods" (dict "root" $root "name" $name "service" $other "services" $.services)) (ne (int $other.ports.http) (int $other.ports.management)) -}}
      {{- $switches = append $switches (printf "%s=http://%s-%s-pods:%d" $name $start $name (int $other.ports.management)) -}}
    {{- end -}}
  {{- end -}}
  {{- with $switches -}}
    {{- $_ := set $env (printf "VITRINA_%s_OPS_SERVICES" (include "vitrina.variable" $.name)) (join " " .) -}}
  {{- end -}}
{{- end -}}
{{- range $part, $declared := $service.parts -}}
  {{- range $key, $value := omit $declared "to" -}}
    {{- $_ := set $env (printf "VITRINA_PAGE_PARTS_%s_%s" (upper $part) (snakecase $key | upper)) (toString $value) -}}
  {{- end -}}
{{- end -}}
{{- $variants := list -}}
{{- range $variant, $declared := $service.variants -}}
  {{- $variants = append $variants (empty $declared.url | ternary $variant (printf "%s=%s" $variant $declared.url)) -}}
{{- end -}}
{{- with $variants }}{{ $_ := set $env "VITRINA_EXPERIMENTS_VARIANTS" (join " " .) }}{{ end -}}
{{- $edge := and (eq .name $root.Values.edge.service) (eq (include "vitrina.edge.open" $root) "true") -}}
{{- if $edge -}}
  {{- $_ := set $env "VITRINA_WEB_KEY_HEADERS" "Idempotency-Key" -}}
  {{- with $root.Values.edge.trustedProxies }}{{ $_ := set $env "VITRINA_HTTP_TRUSTED_PROXIES" . }}{{ end -}}
{{- end -}}
{{- $database := dict "root" $root "name" "postgres" -}}
{{- if $service.database.enabled -}}
  {{- $_ := set $env "QUARKUS_DATASOURCE_REACTIVE_URL" (include "vitrina.postgres.urls" (dict "root" $root "database" .name "scheme" "postgresql" "query" (include "vitrina.postgres.query" $root))) -}}
  {{- $_ := set $env "QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE" ($service.database.poolSize | int | toString) -}}
  {{- $_ := set $env "QUARKUS_DATASOURCE_USERNAME" .name -}}
  {{- with include "vitrina.tls.file" $database }}{{ $_ := set $env "VITRINA_POSTGRES_CA_FILE" . }}{{ end -}}
  {{- with $service.database.readHost }}{{ $_ := set $env "VITRINA_POSTGRES_READ_URL" (printf "postgresql://%s:%s/%s%s" . (include "vitrina.backing.port" $database) $.name (include "vitrina.postgres.query" $root)) }}{{ end -}}
{{- end -}}
{{- $broker := dict "root" $root "name" "rabbitmq" -}}
{{- if $service.broker.enabled -}}
  {{- $_ := set $env "VITRINA_BROKER_HOST" (include "vitrina.backing.host" $broker) -}}
  {{- $_ := set $env "VITRINA_BROKER_PORT" (include "vitrina.backing.port" $broker) -}}
  {{- $_ := set $env "VITRINA_BROKER_USERNAME" (include "vitrina.rabbitmq.user" (dict "root" $root "name" .name)) -}}
  {{- $_ := set $env "VITRINA_BROKER_VIRTUAL_HOST" (include "vitrina.rabbitmq.virtualHost" $root) -}}
  {{- if and (not $root.Values.rabbitmq.enabled) $root.Values.rabbitmq.external.tls }}{{ $_ := set $env "VITRINA_BROKER_TLS" "true" }}{{ end -}}
  {{- with include "vitrina.tls.file" $broker }}{{ $_ := set $env "VITRINA_BROKER_CA_FILE" . }}{{ end -}}
{{- end -}}
{{- $own := keys $service.env -}}
{{- range $key, $value := $service.env -}}
  {{- $_ := set $env $key (include "vitrina.text" $value) -}}
{{- end -}}
{{- range $entry := $service.extraEnv -}}
  {{- $own = append $own $entry.name -}}
  {{- $_ := unset $env $entry.name -}}
{{- end -}}
{{- range $key, $value := $env }}
- {name: {{ $key }}, value: {{ $value | quote }}}
{{- end }}
{{- $hosts := printf "VITRINA_%s_HOSTS" (include "vitrina.variable" .name) -}}
{{- $names := concat $service.hosts (ternary $root.Values.edge.hosts list $edge) | uniq }}
{{- if and $names (not (has $hosts $own)) }}
{{- if not (has "POD_NAMESPACE" $own) }}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- end }}
- {name: {{ $hosts }}, value: {{ prepend $names (printf "%s.$(POD_NAMESPACE)" .fullname) | join "," | quote }}}
{{- end }}
{{- if and $service.database.enabled (not (has "QUARKUS_DATASOURCE_PASSWORD" $own)) }}
- name: QUARKUS_DATASOURCE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" $database }}, key: {{ .name }}-password}}
{{- end }}
{{- include "vitrina.identity.secrets" (dict "root" $root "name" .name "service" $service "own" $own) }}
{{- if and $service.broker.enabled (not (has "VITRINA_BROKER_PASSWORD" $own)) }}
- name: VITRINA_BROKER_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" $broker }}, key: {{ include "vitrina.rabbitmq.key" (dict "root" $root "name" .name) }}}}
{{- end }}
{{- if and $cache.password (not (has "VITRINA_CACHE_REDIS_PASSWORD" $own)) }}
- {{ include "vitrina.redis.password" (dict "root" $root "name" "VITRINA_CACHE_REDIS_PASSWORD") | nindent 2 | trim }}
{{- end }}
{{- with $service.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
