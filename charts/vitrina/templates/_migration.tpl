{{/* dict root, service: the image of a service's migrations. */}}
{{- define "vitrina.migration.image" -}}
{{- $own := .service.migrations.image -}}
{{- $image := $own -}}
{{- if not $own.repository -}}
  {{- $all := .root.Values.migrations.image -}}
  {{- $image = dict "repository" $all.repository "tag" ($own.tag | default $all.tag) "digest" (ternary $own.digest $all.digest (or $own.tag $own.digest | not | not)) -}}
{{- end -}}
{{- include "vitrina.image" (dict "root" .root "image" $image "tag" (include "vitrina.tag" .root)) -}}
{{- end -}}

{{/* dict root, name, service: the Job of a service's migrations. Where the chart may make databases, it makes this one first;
     with migrations off that is all it does. */}}
{{- define "vitrina.migration" -}}
{{- $root := .root -}}
{{- $settings := $root.Values.migrations -}}
{{- $stores := dict "root" $root "names" (list "postgres") -}}
{{- $secret := include "vitrina.backing.secret" (dict "root" $root "name" "postgres") -}}
{{- $command := first $settings.command -}}
{{- $hashes := $root.Files.Get "files/changelogs.yaml" | fromYaml -}}
{{- /* helm sees a Job as failed once it failed more often than this, so no podFailurePolicy ends it before. What takes change sets back
      must not do so twice. */}}
backoffLimit: {{ ternary (int $settings.backoffLimit) 0 (eq $command "up") }}
{{- if ne $command "up" }}
ttlSecondsAfterFinished: 600
{{- end }}
podFailurePolicy:
  rules:
    # a node that goes, an eviction: no failure of the migration
    - action: Ignore
      onPodConditions: [{type: DisruptionTarget, status: "True"}]
template:
  metadata:
    labels:
      {{- include "vitrina.podLabels" (dict "root" $root "component" "migrations") | nindent 6 }}
      vitrina/service: {{ .name | quote }}
    {{- $changed := include "vitrina.backing.changed" (dict "root" $root "name" "postgres" "key" (printf "%s-password" .name)) }}
    {{- if or $changed (get $hashes .name) }}
    annotations:
      {{- with get $hashes .name }}
      vitrina/changelog: {{ . | quote }}
      {{- end }}
      {{- with $changed }}
      vitrina/password: {{ . | quote }}
      {{- end }}
    {{- end }}
  spec:
    {{- include "vitrina.podBasics" $root | nindent 4 }}
    restartPolicy: Never
    securityContext: {{- include "vitrina.podSecurity" 10001 | nindent 6 }}
    {{- $database := include "vitrina.migration.database" . }}
    {{- if and .service.migrations.enabled (include "vitrina.postgres.admin" $root) }}
    initContainers: {{- $database | nindent 6 }}
    {{- end }}
    containers:
      {{- if not .service.migrations.enabled }}
      {{- $database | nindent 6 }}
      {{- else }}
      - name: migrations
        image: {{ include "vitrina.migration.image" (dict "root" $root "service" .service) | quote }}
        imagePullPolicy: {{ $root.Values.image.pullPolicy }}
        securityContext: {{- include "vitrina.containerSecurity" $root | nindent 10 }}
        args:
          - {{ .name | quote }}
          {{- range $settings.command }}
          - {{ . | quote }}
          {{- end }}
          - --contexts
          - {{ ternary "demo" "" $settings.demoData | quote }}
          - --wait
          - {{ int $settings.waitSeconds | quote }}
        env:
          - {name: VITRINA_DB_URL, value: {{ include "vitrina.postgres.urls" (dict "root" $root "database" .name "scheme" "jdbc:postgresql" "query" (include "vitrina.migration.query" $root)) | quote }}}
          - {name: VITRINA_DB_USER, value: {{ .name | quote }}}
          - {name: VITRINA_DB_PASSWORD, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ .name }}-password}}}
        resources: {{- toYaml $settings.resources | nindent 10 }}
        volumeMounts:
          - {name: tmp, mountPath: /tmp}
          {{- with include "vitrina.tls.mounts" $stores | trim }}
          {{- . | nindent 10 }}
          {{- end }}
      {{- end }}
    volumes:
      - name: tmp
        emptyDir: {sizeLimit: 32Mi}
      {{- with include "vitrina.tls.volumes" $stores | trim }}
      {{- . | nindent 6 }}
      {{- end }}
{{- end -}}

{{/* The root: as vitrina.postgres.query for JDBC, which looks for authorities in a home folder unless it is told where they are. */}}
{{- define "vitrina.migration.query" -}}
{{- $query := include "vitrina.postgres.query" . -}}
{{- $query -}}
{{- if eq $query "?sslmode=verify-full" -}}
  {{- with include "vitrina.tls.file" (dict "root" . "name" "postgres") -}}
&sslrootcert={{ . }}
  {{- else -}}
&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* As vitrina.migration: the container that makes the role and the database. */}}
{{- define "vitrina.migration.database" -}}
{{- $root := .root -}}
{{- $settings := $root.Values.migrations -}}
{{- $secret := include "vitrina.backing.secret" (dict "root" $root "name" "postgres") -}}
- name: database
  image: {{ include "vitrina.image" (dict "root" $root "image" $root.Values.postgres.image "tag" "") | quote }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  securityContext: {{- include "vitrina.containerSecurity" $root | nindent 4 }}
  env:
    - {name: PGHOST, value: {{ include "vitrina.backing.each" (dict "root" $root "name" "postgres" "what" "host") | quote }}}
    - {name: PGPORT, value: {{ include "vitrina.backing.each" (dict "root" $root "name" "postgres" "what" "port") | quote }}}
    - {name: PGTARGETSESSIONATTRS, value: read-write}
    - {name: PGUSER, value: {{ include "vitrina.postgres.admin" $root | quote }}}
    - {name: PGDATABASE, value: postgres}
    - {name: PGCONNECT_TIMEOUT, value: "5"}
    {{- if include "vitrina.postgres.query" $root }}
    - {name: PGSSLMODE, value: {{ $root.Values.postgres.external.sslMode | quote }}}
    {{- if eq $root.Values.postgres.external.sslMode "verify-full" }}
    # system: the authorities of the image, to libpq of version 16 or later
    - {name: PGSSLROOTCERT, value: {{ include "vitrina.tls.file" (dict "root" $root "name" "postgres") | default "system" | quote }}}
    {{- end }}
    {{- end }}
    - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: postgres-password}}}
    - {name: SERVICE, value: {{ .name | quote }}}
    - {name: SERVICE_PASSWORD, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ .name }}-password}}}
  command: [sh, -ec]
  args:
    - |
      waited=0
      until pg_isready -q -t 3; do
        if [ "$waited" -ge {{ int $settings.waitSeconds }} ]; then
          echo "PostgreSQL at $PGHOST:$PGPORT did not answer within $waited s: see whether it runs (kubectl get pods) and what it logs" >&2
          exit 3
        fi
        [ $((waited % 10)) -ne 0 ] || echo "waiting for PostgreSQL at $PGHOST:$PGPORT ($waited s)"
        sleep 2
        waited=$((waited + 2))
      done
      echo "PostgreSQL at $PGHOST:$PGPORT answers: role and database '$SERVICE'"
      psql -qX -v ON_ERROR_STOP=1 -o /dev/null <<'SQL'
      SET client_min_messages = warning;
      \getenv service SERVICE
      \getenv password SERVICE_PASSWORD
      SELECT format('CREATE ROLE %I', :'service') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec
      ALTER ROLE :"service" LOGIN PASSWORD :'password';
      GRANT :"service" TO CURRENT_USER;
      SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'service') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec
      REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
      SQL
  resources: {{- toYaml $settings.resources | nindent 4 }}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    {{- with include "vitrina.tls.mounts" (dict "root" $root "names" (list "postgres")) | trim }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}
