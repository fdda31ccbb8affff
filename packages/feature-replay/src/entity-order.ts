/**
 * What happens to one entity's state, in true order. `event` and `label` move it on, `read` is a decision
 * that was computed from it, `counted` one that then moved it on itself.
 */
export const stepKinds = { event: 0, label: 1, read: 2, counted: 3 } as const;

/**
 * The order of a transactional entity. A decision that was counted says itself where: it read version v and
 * made v + 1. What the log applier counted for others fills the versions that nobody claims, in log order:
 * the i-th such event stands before the first decision that has i unclaimed versions below its own.
 * A generation of a layout is a lane of its own. A store that lost a state counts from 0 again: an epoch of
 * its own.
 */
export function transactionalOrder(entity: number): string {
  return `
  with own as (
    select d.number, d.id, d.partition, d.log_offset, d.counted_lane, d.lane as read_lane, d.uncertain,
      d.repeated, r.key, r.version, r.present
    from reads r join decisions d using (number) where r.entity = ${entity} and r.version is not null
  ),
  lanes as (
    select distinct key, read_lane as lane from own where counted_lane > 0 or present
  ),
  laned as (
    select l.lane, o.*, o.counted_lane = l.lane and row_number() over (
      partition by l.lane, o.key, o.id, o.counted_lane, o.version order by o.partition, o.log_offset
    ) = 1 as counted
    from lanes l join own o using (key)
  ),
  epochs as (
    select *, greatest(1, sum(case when counted and version = 0 then 1 else 0 end)
      over (partition by lane, key order by partition, log_offset)) as epoch
    from laned
  ),
  steps as (
    select *, ${stepKinds.counted} as kind, 0 as rank from epochs where counted
    union all
    select *, ${stepKinds.read}, 0 from epochs where present and not counted and read_lane = lane
    union all
    select *, ${stepKinds.event}, row_number() over (
      partition by lane, key, epoch order by partition, log_offset
    )
    from epochs e where counted_lane <> lane and not repeated and not exists (
      select 1 from laned c where c.counted and c.repeated and c.lane = e.lane and c.key = e.key
        and c.id = e.id
    )
  ),
  placed as (
    select *, case when kind = ${stepKinds.event} then rank else version - coalesce(
      sum(case when kind = ${stepKinds.counted} then 1 else 0 end) over (
        partition by lane, key, epoch order by kind = ${stepKinds.event}, version, kind
        rows between unbounded preceding and 1 preceding
      ), 0) end as unclaimed
    from steps
  )
  select p.key, p.lane, p.epoch, p.kind, p.number, p.version, p.present, p.uncertain, d.wire,
    false as fraud, 0 as labelled
  from placed p join decisions d using (number)
  order by p.key, p.lane, p.epoch, p.unclaimed, p.kind <> ${stepKinds.event}, p.version, p.kind, p.number`;
}

/**
 * The order of a streamed entity. A read says which offsets its state held; reads of one lane form a
 * chain, by version. So an event stands before the first read that held it, whatever partition it is on.
 */
export function streamedOrder(entity: number): string {
  return `
  with own as (
    select d.number, d.id, d.partition, d.log_offset, d.lane, r.key, r.version,
      d.repeated, r.present and r.version is not null as present, r.applied::double[] as applied,
      r.labels_applied
    from reads r join decisions d using (number) where r.entity = ${entity}
  ),
  lanes as (select distinct key, lane from own where present),
  bounds as (
    select lane, key, slot, applied, min(version) as position from (
      select lane, key, version, unnest(applied) as applied, generate_subscripts(applied, 1) - 1 as slot
      from own where present
      union all
      select lane, key, version, labels_applied, -1 from own where present
    ) where applied > 0 group by lane, key, slot, applied
  ),
  events as (
    select key, partition as slot, log_offset as place, number, ${stepKinds.event} as kind
    from own where not repeated
    union all
    select key, -1, sequence, sequence, ${stepKinds.label} from distinct_label_keys where entity = ${entity}
  ),
  laned as (select l.lane, e.* from events e join lanes l using (key)),
  steps as (
    select e.key, e.lane, e.kind, e.number, b.position, null as version from laned e
    asof join bounds b on b.lane = e.lane and b.key = e.key and b.slot = e.slot and e.place < b.applied
    union all
    select key, lane, ${stepKinds.read}, number, version, version from own where present
  )
  select key, lane, 1 as epoch, kind, number, version, true as present, false as uncertain,
    wire, fraud, labelled
  from (${withContent("steps")})
  order by key, lane, position, kind, number`;
}

/**
 * For decisions that have no read of an entity because it was defined later: as it would have been had every
 * event arrived when it was decided and every label when it was matched.
 */
export function arrivalOrder(entity: number): string {
  return `
  with own as (
    select d.number, d.decided as moment, d.partition, d.log_offset, r.key, r.version, d.repeated
    from reads r join decisions d using (number) where r.entity = ${entity}
  ),
  steps as (
    select key, ${stepKinds.read} as kind, number, moment, partition, log_offset
    from own where version is null
    union all
    select key, ${stepKinds.event}, number, moment, partition, log_offset from own where not repeated
    union all
    select k.key, ${stepKinds.label}, l.sequence, l.matched, -1, l.sequence
    from distinct_label_keys k join distinct_labels l using (sequence) where k.entity = ${entity}
  )
  select key, 0 as lane, 1 as epoch, kind, number, null as version, true as present, false as uncertain,
    wire, fraud, labelled
  from (${withContent("steps")})
  order by key, moment, partition, log_offset, kind <> ${stepKinds.read}, kind`;
}

/** Two joins and not one with conditions: DuckDB would make a nested loop of it. */
function withContent(steps: string): string {
  return `
    select s.*, d.wire, false as fraud, 0 as labelled
    from ${steps} s join decisions d on d.number = s.number where s.kind <> ${stepKinds.label}
    union all
    select s.*, l.wire, l.fraud, l.labelled
    from ${steps} s join distinct_labels l on l.sequence = s.number where s.kind = ${stepKinds.label}`;
}
