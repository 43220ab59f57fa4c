// @ts-check

/**
 * Keeps the state machine and tells what has changed. Transactions that say so are quiet about
 * states, because a message makes commits wait for each other; their process tells it afterwards.
 */
exports.CHECK_RUN_UPDATE = `
  create or replace function millrace_check_run_update() returns trigger language plpgsql as $$
  begin
    if new.state is distinct from old.state then
      if new.origin = 'own' and not exists (
        select from legal_transitions where from_state = old.state and to_state = new.state)
      then
        raise exception 'Run % cannot go from % to %', old.id, old.state, new.state using errcode = 'P0001';
      end if;
      new.state_changed_at := clock_timestamp();
      if current_setting('millrace.quiet', true) is distinct from 'on' then
        perform pg_notify('millrace', json_build_object('kind', 'state', 'runId', new.id, 'state', new.state)::text);
        if new.state = 'queued' then
          perform pg_notify('millrace', '{"kind":"queued"}');
        end if;
      end if;
    end if;
    if new.cancel_requested_at is distinct from old.cancel_requested_at
      or new.cancel_force is distinct from old.cancel_force
    then
      perform pg_notify('millrace', json_build_object('kind', 'cancel', 'runId', new.id)::text);
    end if;
    if new.pause_requested_at is distinct from old.pause_requested_at
      or (new.state = 'pausing' and old.state <> 'pausing')
    then
      perform pg_notify('millrace', json_build_object('kind', 'pause', 'runId', new.id)::text);
    end if;
    if new.state = 'queued' and old.state = 'queued'
      and ((old.pause_requested_at is not null and new.pause_requested_at is null) or new.run_at < old.run_at)
    then
      perform pg_notify('millrace', '{"kind":"queued"}');
    end if;
    return new;
  end $$;
`;

/** As it was before. */
exports.FORMER_CHECK_RUN_UPDATE = `
  create or replace function millrace_check_run_update() returns trigger language plpgsql as $$
  begin
    if new.state is distinct from old.state then
      if new.origin = 'own' and not exists (
        select from legal_transitions where from_state = old.state and to_state = new.state)
      then
        raise exception 'Run % cannot go from % to %', old.id, old.state, new.state using errcode = 'P0001';
      end if;
      new.state_changed_at := clock_timestamp();
      perform pg_notify('millrace', json_build_object('kind', 'state', 'runId', new.id, 'state', new.state)::text);
      if new.state = 'queued' then
        perform pg_notify('millrace', '{"kind":"queued"}');
      end if;
    end if;
    if new.cancel_requested_at is distinct from old.cancel_requested_at
      or new.cancel_force is distinct from old.cancel_force
    then
      perform pg_notify('millrace', json_build_object('kind', 'cancel', 'runId', new.id)::text);
    end if;
    return new;
  end $$;
`;
