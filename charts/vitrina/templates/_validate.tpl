{{/* Refuses values that fit the schema but not each other, each in a sentence that names the key. */}}
{{- define "vitrina.validate" -}}
{{- $fullname := include "vitrina.fullname" . -}}
{{- if gt (len $fullname) 40 -}}
  {{- fail (printf "\n\nfullnameOverride: '%s' has %d characters, but names allow 40: choose a shorter release name or set fullnameOverride.\n" $fullname (len $fullname)) -}}
{{- end -}}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $fullname) -}}
  {{- fail (printf "\n\nfullnameOverride: '%s' cannot begin the names of Services, which have small letters, digits and '-' and begin with a letter: choose another release name or set fullnameOverride.\n" $fullname) -}}
{{- end -}}
{{- if and (include "vitrina.connected" .) (or .Values.migrations.only (ne (.Values.migrations.command | join " ") "up")) -}}
  {{- fail "\n\nmigrations.command and migrations.only are for `helm template … --show-only templates/migrations.yaml | kubectl create -f -` alone (README, Schemas): an install without the other Jobs would wait for their schemas. Remove both.\n" -}}
{{- end -}}
{{- $services := include "vitrina.services" . | fromYaml -}}
{{- $changelogs := .Files.Get "files/changelogs.yaml" | fromYaml -}}
{{- $databases := list -}}
{{- $brokered := list -}}
{{- $redis := false -}}
{{- range $name, $service := $services -}}
  {{- $key := printf "services.%s" $name -}}
  {{- if has $name (list "postgres" "redis" "memcached" "proxy" "rabbitmq" "migrations" "test" "closed" "pods") -}}
    {{- fail (printf "\n\n%s: this name is the chart's own: give the service another one.\n" $key) -}}
  {{- end -}}
  {{- if and (hasSuffix "-management" $name) (hasKey $services (trimSuffix "-management" $name)) -}}
    {{- fail (printf "\n\n%s: this name is that of the management port of services.%s: give the service another one.\n" $key (trimSuffix "-management" $name)) -}}
  {{- end -}}
  {{- if and (hasSuffix "-pods" $name) (hasKey $services (trimSuffix "-pods" $name)) -}}
    {{- fail (printf "\n\n%s: this name is that of the pods of services.%s: give the service another one.\n" $key (trimSuffix "-pods" $name)) -}}
  {{- end -}}
  {{- range $label := list "name" "instance" "component" -}}
    {{- if hasKey $service.podLabels (printf "app.kubernetes.io/%s" $label) -}}
      {{- fail (printf "\n\n%s.podLabels: the label app.kubernetes.io/%s is the chart's own, by which Services and policies find their pods: remove it.\n" $key $label) -}}
    {{- end -}}
  {{- end -}}
  {{- if and $service.networkPolicy.to (not $service.url) -}}
    {{- fail (printf "\n\n%s.networkPolicy.to says where %s.url is, which is not set: set it, or use %s.networkPolicy.egress for what the service may reach.\n" $key $key $key) -}}
  {{- end -}}
  {{- if $service.url -}}
    {{- if $service.autoscaling.enabled -}}
      {{- fail (printf "\n\n%s.autoscaling.enabled is true, but %s.url says that the service runs elsewhere: remove one of the two.\n" $key $key) -}}
    {{- end -}}
  {{- else -}}
    {{- if not $service.image.repository -}}
      {{- fail (printf "\n\n%s.image.repository is missing: name the service's image, or set %s.url to where it runs. The chart's own services are in its values.yaml; a misspelt name makes a new one.\n" $key $key) -}}
    {{- end -}}
    {{- if and $service.schedule $service.autoscaling.enabled -}}
      {{- fail (printf "\n\n%s.autoscaling.enabled is true, but %s.schedule says that it runs by the clock: remove one of the two.\n" $key $key) -}}
    {{- end -}}
    {{- if and $service.schedule $service.smokeTest.path -}}
      {{- fail (printf "\n\n%s.smokeTest.path is set, but what runs by %s.schedule answers nobody: remove one of the two.\n" $key $key) -}}
    {{- end -}}
    {{- if and $service.autoscaling.enabled (gt (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas)) -}}
      {{- fail (printf "\n\n%s.autoscaling.minReplicas is %d, more than maxReplicas, %d: raise one or lower the other.\n" $key (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas)) -}}
    {{- end -}}
    {{- if and $service.database.readHost $.Values.postgres.enabled -}}
      {{- fail (printf "\n\n%s.database.readHost is set, but postgres.enabled is true: the chart's PostgreSQL has no replica. Use postgres.external, or remove it.\n" $key) -}}
    {{- end -}}
    {{- if and $service.service.nodePort (eq $service.service.type "ClusterIP") -}}
      {{- fail (printf "\n\n%s.service.nodePort needs %s.service.type=NodePort (or LoadBalancer), but the type is ClusterIP.\n" $key $key) -}}
    {{- end -}}
    {{- if and $service.shutdown.preStop (semverCompare "<1.30.0-0" $.Capabilities.KubeVersion.Version) -}}
      {{- fail (printf "\n\n%s.shutdown.preStop needs Kubernetes 1.30, but the cluster has %s: leave it off, or give %s.image a drain of its own.\n" $key $.Capabilities.KubeVersion.Version $key) -}}
    {{- end -}}
    {{- $oneport := eq (int $service.ports.http) (int $service.ports.management) -}}
    {{- if and $oneport (regexMatch "(^|/)vitrina/[^/]+$" $service.image.repository) -}}
      {{- fail (printf "\n\n%s.ports.management is %d, as ports.http, but the chart's own images have two ports: choose another one.\n" $key (int $service.ports.management)) -}}
    {{- end -}}
    {{- if and (not $oneport) (eq $service.service.type "ClusterIP") (eq (int $service.service.port) (int $service.ports.management)) -}}
      {{- fail (printf "\n\n%s.service.port is %d, as ports.management, which the Service has too: choose another one.\n" $key (int $service.service.port)) -}}
    {{- end -}}
    {{- if and $service.database.enabled $service.migrations.enabled (not $service.migrations.image.repository) (not (hasKey $changelogs $name)) -}}
      {{- fail (printf "\n\n%s.migrations.image.repository is missing: migrations.image has no change log of '%s'. Name an image that has, or set %s.migrations.enabled=false when the service makes its schema itself.\n" $key $name $key) -}}
    {{- end -}}
    {{- range $callee := $service.calls -}}
      {{- if not (hasKey $services $callee) -}}
        {{- if hasKey $.Values.services $callee -}}
          {{- fail (printf "\n\n%s.calls names '%s', but services.%s.enabled is false: enable it, set services.%s.url to where it runs, or remove it from the list.\n" $key $callee $callee $callee) -}}
        {{- end -}}
        {{- fail (printf "\n\n%s.calls names '%s', which is no key of services: correct the name, or add services.%s with an image or a url.\n" $key $callee $callee) -}}
      {{- end -}}
      {{- if (index $services $callee).schedule -}}
        {{- fail (printf "\n\n%s.calls names '%s', which runs by services.%s.schedule and answers nobody: remove it from the list.\n" $key $callee $callee) -}}
      {{- end -}}
    {{- end -}}
    {{- if has $service.cache.topology (list "sidecar" "sidecar-replica" "dedicated" "distributed" "replicated") -}}{{- $redis = true -}}{{- end -}}
    {{- if $service.database.enabled -}}{{- $databases = append $databases $name -}}{{- end -}}
    {{- if $service.broker.enabled -}}{{- $brokered = append $brokered $name -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- range include "vitrina.rabbitmq.services" . | fromYamlArray -}}
  {{- if and $.Values.rabbitmq.enabled (not (index $.Values.rabbitmq.users .)) -}}
    {{- fail (printf "\n\nrabbitmq.users lacks '%s', which has broker.enabled: say what it may configure, write and read.\n" .) -}}
  {{- end -}}
{{- end -}}
{{- if eq (include "vitrina.identity.mode" .) "oidc" -}}
  {{- if not .Values.auth.oidc.issuer -}}
    {{- fail "\n\nauth.oidc.issuer is missing: with auth.mode=oidc say who the provider is.\n" -}}
  {{- end -}}
  {{- if not .Values.auth.existingSecret -}}
    {{- fail "\n\nauth.existingSecret is missing: with auth.mode=oidc name a Secret with the keys session-key and <service>-client-secret (README, auth.existingSecret).\n" -}}
  {{- end -}}
  {{- range $name, $service := $services -}}
    {{- if and $service.auth.signs (not $service.url) (not $.Values.auth.oidc.tokenUrl) -}}
      {{- fail (printf "\n\nauth.oidc.tokenUrl is missing: services.%s.auth.signs asks others with a token of its own, which it gets there.\n" $name) -}}
    {{- end -}}
    {{- $own := keys $service.env -}}
    {{- range $service.extraEnv -}}{{- $own = append $own .name -}}{{- end -}}
    {{- $pods := or $service.autoscaling.enabled (gt (int $service.replicas) 1) -}}
    {{- if and $service.auth.signIn $pods (not $.Values.auth.sessions.redisUrl) (not (has "VITRINA_SESSION_REDIS_URL" $own)) -}}
      {{- fail (printf "\n\nauth.sessions.redisUrl is missing: the pods of %s must share the tokens of sessions; one pod alone (services.%s.replicas=1) needs no Redis.\n" $name $name) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if .Values.redis.external.url -}}
  {{- range $name, $service := $services -}}
    {{- if eq $service.cache.topology "sidecar-replica" -}}
      {{- fail (printf "\n\nredis.external.url is set, but services.%s.cache.topology is sidecar-replica, which replicates the Redis that the chart runs: use dedicated or sidecar there, or remove the URL.\n" $name) -}}
    {{- end -}}
  {{- end -}}
  {{- if and (include "vitrina.cache.users" (dict "root" . "what" "central") | fromYamlArray) (not .Values.redis.existingSecret) -}}
    {{- fail "\n\nredis.existingSecret is missing: with redis.external.url name a Secret with the key redis-password.\n" -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.migrations.only (not (has .Values.migrations.only $databases)) -}}
  {{- fail (printf "\n\nmigrations.only is '%s', but the services with a database are: %s.\n" .Values.migrations.only (join ", " $databases)) -}}
{{- end -}}
{{- range $backing := list
    (dict "name" "postgres" "is" "PostgreSQL" "clients" $databases "keys" (include "vitrina.postgres.keys" . | fromYamlArray))
    (dict "name" "rabbitmq" "is" "RabbitMQ" "clients" $brokered "keys" (include "vitrina.rabbitmq.keys" . | fromYamlArray)) -}}
  {{- $name := $backing.name -}}
  {{- $values := index $.Values $name -}}
  {{- $keys := $backing.keys | join ", " -}}
  {{- if and $values.enabled $values.external.host -}}
    {{- fail (printf "\n\n%s.external.host is set, but %s.enabled is true: set %s.enabled=false to use the external one, or remove the host.\n" $name $name $name) -}}
  {{- end -}}
  {{- if and $backing.clients (not $values.enabled) -}}
    {{- if not $values.external.host -}}
      {{- fail (printf "\n\n%s.external.host is missing: with %s.enabled=false name the %s for %s.\n" $name $name $backing.is (join ", " $backing.clients)) -}}
    {{- end -}}
    {{- if not $values.existingSecret -}}
      {{- fail (printf "\n\n%s.existingSecret is missing: with %s.enabled=false name a Secret with the keys %s.\n" $name $name $keys) -}}
    {{- end -}}
  {{- end -}}
  {{- if and $backing.clients $values.existingSecret (include "vitrina.connected" $) -}}
    {{- $secret := lookup "v1" "Secret" $.Release.Namespace $values.existingSecret -}}
    {{- if not $secret -}}
      {{- fail (printf "\n\n%s.existingSecret names '%s', but namespace '%s' has no such Secret: create it with the keys %s.\n" $name $values.existingSecret $.Release.Namespace $keys) -}}
    {{- end -}}
    {{- range $key := $backing.keys -}}
      {{- if not (hasKey ($secret.data | default dict) $key) -}}
        {{- fail (printf "\n\n%s.existingSecret: Secret '%s' lacks the key '%s'.\n" $name $values.existingSecret $key) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $monitored := or .Values.metrics.serviceMonitor.enabled .Values.observability.enabled -}}
{{- if and $monitored .Values.networkPolicy.enabled (not .Values.metrics.from) -}}
  {{- fail "\n\nmetrics.from is empty: with metrics.serviceMonitor.enabled or observability.enabled name who may fetch metrics, such as [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}], or the network policies keep Prometheus out.\n" -}}
{{- end -}}
{{- if and .Values.proxy.enabled (not (dig .Values.proxy.service "image" "repository" "" $services)) -}}
  {{- fail (printf "\n\nproxy.service names '%s', which is no service that this release runs: correct the name, or set proxy.enabled=false.\n" .Values.proxy.service) -}}
{{- end -}}
{{- if include "vitrina.edge.open" . -}}
  {{- $edge := get $services .Values.edge.service -}}
  {{- if or (not $edge) $edge.url $edge.schedule -}}
    {{- fail (printf "\n\nedge.service is '%s', which is no service that this release installs and others may ask: name one of services.\n" .Values.edge.service) -}}
  {{- end -}}
  {{- if not .Values.edge.hosts -}}
    {{- fail "\n\nedge.hosts is empty: with ingress.enabled or httpRoute.enabled say under which names the shop is reached, such as [shop.example.com].\n" -}}
  {{- end -}}
  {{- if and (ne (.Values.edge.path | trimSuffix "/") "") (not .Values.edge.trustedProxies) -}}
    {{- fail (printf "\n\nedge.trustedProxies is empty: the shop's links begin with edge.path, %s, only where X-Forwarded-Prefix is believed. Name the networks of the proxies' pods, such as 10.0.0.0/8.\n" .Values.edge.path) -}}
  {{- end -}}
  {{- if and .Values.networkPolicy.enabled (not .Values.edge.from) -}}
    {{- fail "\n\nedge.from is empty: with network policies name the pods of the controller or gateway, such as [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}], or nobody gets through.\n" -}}
  {{- end -}}
  {{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
    {{- fail "\n\nhttpRoute.parentRefs is empty: name the gateways that the route joins, such as [{name: public, namespace: gateways}].\n" -}}
  {{- end -}}
{{- end -}}
{{- range $label := list "name" "instance" "component" "version" "managed-by" -}}
  {{- if hasKey $.Values.commonLabels (printf "app.kubernetes.io/%s" $label) -}}
    {{- fail (printf "\n\ncommonLabels: the label app.kubernetes.io/%s is the chart's own: remove it.\n" $label) -}}
  {{- end -}}
{{- end -}}
{{- $limit := dig "limits" "memory" "" .Values.redis.resources -}}
{{- if and $redis $limit -}}
  {{- $needed := add (div (mul 3 (include "vitrina.bytes" .Values.redis.maxMemory | int64)) 2) (mul 16 1048576) -}}
  {{- if lt (include "vitrina.bytes" $limit | int64) $needed -}}
    {{- fail (printf "\n\nredis.maxMemory is %s, for which redis.resources.limits.memory, %v, is too small: it has to be larger by half and 16 MiB, %d MiB. Raise the limit or lower redis.maxMemory.\n" .Values.redis.maxMemory $limit (div (add $needed 1048575) 1048576)) -}}
  {{- end -}}
{{- end -}}
{{- if and $monitored (include "vitrina.connected" .) (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1")) -}}
  {{- fail "\n\nmetrics.serviceMonitor.enabled or observability.enabled is true, but this cluster knows no ServiceMonitor: install the Prometheus operator first, or leave it off.\n" -}}
{{- end -}}
{{- end -}}
