create table products (
  id uuid primary key default gen_random_uuid(),
  sku text not null unique,
  name text not null,
  price_cents integer not null check (price_cents >= 0),
  version integer not null default 1
);
