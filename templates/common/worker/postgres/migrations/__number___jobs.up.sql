create table jobs (
  id bigint generated always as identity primary key,
  queue text not null check (queue <> ''),
  payload jsonb not null,
  attempts integer not null default 0,
  run_at timestamptz not null default now(),
  failed_at timestamptz,
  error text,
  created_at timestamptz not null default now()
);

create index jobs_next on jobs (queue, run_at, id) where failed_at is null;
