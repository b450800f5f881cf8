{{/* The keys that the Secret with passwords must have (YAML list). */}}
{{- define "vitrina.postgres.keys" -}}
{{- $keys := list -}}
{{- if include "vitrina.postgres.admin" . -}}{{- $keys = append $keys "postgres-password" -}}{{- end -}}
{{- range $name, $service := include "vitrina.services" . | fromYaml -}}
  {{- if and $service.database.enabled (not $service.url) -}}{{- $keys = append $keys (printf "%s-password" $name) -}}{{- end -}}
{{- end -}}
{{- toYaml $keys -}}
{{- end -}}

{{/* What vitrina.backing must know of PostgreSQL. */}}
{{- define "vitrina.postgres.pod" -}}
container:
  args:
    - postgres
    {{- range $key, $value := .Values.postgres.settings }}
    - -c
    - {{ printf "%s=%s" $key (include "vitrina.text" $value) | quote }}
    {{- end }}
  env:
    - {name: PGDATA, value: /data/pgdata}
    - name: POSTGRES_PASSWORD
      valueFrom: {secretKeyRef: {name: {{ include "vitrina.backing.secret" (dict "root" . "name" "postgres") }}, key: postgres-password}}
  lifecycle:
    postStart:
      exec:
        # data that outlived its release has that one's password
        command:
          - sh
          - -c
          - |
            until pg_isready -q -h 127.0.0.1 -U postgres; do sleep 0.5; done
            psql -qX -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
            \getenv password POSTGRES_PASSWORD
            ALTER ROLE postgres PASSWORD :'password';
            SQL
    preStop:
      exec:
        # fast: the server's own way on SIGTERM waits until every client is gone
        command: [sh, -c, pg_ctl -D "$PGDATA" -m fast -w -t 50 stop]
  startupProbe:
    exec: {command: [pg_isready, -q, -h, 127.0.0.1, -U, postgres]}
    periodSeconds: 1
    timeoutSeconds: 3
    failureThreshold: 300
  livenessProbe:
    # 1: it recovers after a crash, which may take as long as it takes
    exec: {command: [sh, -c, 'pg_isready -q -h 127.0.0.1 -U postgres -t 5; [ $? -le 1 ]']}
    periodSeconds: 15
    timeoutSeconds: 10
    failureThreshold: 4
  readinessProbe:
    exec: {command: [pg_isready, -q, -h, 127.0.0.1, -U, postgres]}
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 3
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: run, mountPath: /var/run/postgresql}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 64Mi}
  - name: run
    emptyDir: {sizeLimit: 1Mi}
{{- end -}}
