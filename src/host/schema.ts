/**
 * The host's tables. Money is whole minor units. Every row is named by its maker, never by a sequence. Three things are not here: a
 * full PAN (only its keyed hash and its mask), a PIN (only a keyed hash), and any key in clear.
 */
import type { Session } from "./store";

export const SCHEMA_VERSION = 7;

const STATEMENTS = [
  `create table if not exists schema_version (version integer primary key)`,
  `create table if not exists merchant (
     mid text primary key, name text not null, place text not null)`,
  // key_box: the ratchet's chain, sealed under the host's key; counter: the next request's number.
  `create table if not exists terminal (
     tid text primary key, mid text not null references merchant (mid), currency text not null, exponent integer not null,
     batch integer not null, key_box bytea not null, counter bigint not null, is_test boolean not null)`,
  // What was answered to request number \`counter\`: the same frame gets the same bytes again.
  `create table if not exists exchange (
     tid text not null, counter bigint not null, frame_hash bytea not null, reply bytea not null, primary key (tid, counter))`,
  `create table if not exists account (
     account text primary key, kind text not null, currency text not null, balance_minor bigint not null,
     may_be_negative boolean not null, check (may_be_negative or balance_minor >= 0))`,
  `create table if not exists card (
     pan_hash text primary key, pan_masked text not null, expiry text not null, status text not null,
     needs_pin boolean not null, account text not null references account (account), is_test boolean not null)`,
  // reference: keyed hash of the PIN. A card without a row has none.
  `create table if not exists card_pin (
     pan_hash text primary key references card (pan_hash), reference bytea not null, wrong_tries integer not null)`,
  // Base derivation keys of AES DUKPT, sealed under the host's key.
  `create table if not exists base_key (base_id text primary key, key_box bytea not null, is_test boolean not null)`,
  // Initial key ids (base key's id, then the device's), hexadecimal. tid: null when the terminal has another since.
  `create table if not exists pin_key (
     key_id text primary key, tid text references terminal (tid), next_counter bigint not null)`,
  // Keys from which the keys of chips are made, sealed under the host's key; one for each range of numbers.
  `create table if not exists issuer_key (issuer text primary key, key_box bytea not null, is_test boolean not null)`,
  // A chip: number, sequence number (2 digits), and the highest transaction counter that it has signed with, -1 before the first.
  `create table if not exists card_chip (
     pan_hash text not null references card (pan_hash), sequence text not null, issuer text not null references issuer_key (issuer),
     last_atc integer not null, primary key (pan_hash, sequence))`,
  // What the check of a sale's cryptogram came to; atc is -1 when none was there.
  `create table if not exists chip_sale (
     tid text not null, batch integer not null, stan integer not null, verdict text not null, atc integer not null,
     primary key (tid, batch, stan))`,
  // status: captured, held, answered, declined, reversed, voided, completed, cancelled (see `rules`). A reversal without its request leaves
  // a reversed row, so that a late request finds it.
  `create table if not exists txn (
     tid text not null, batch integer not null, stan integer not null, kind text not null, amount_minor bigint not null,
     currency text not null, pan_hash text, pan_masked text, status text not null, response_code text not null,
     rrn text not null, approval_code text not null, local_time text not null, primary key (tid, batch, stan))`,
  `create table if not exists posting (
     posting text primary key, tid text not null, batch integer not null, stan integer not null, kind text not null,
     local_time text not null)`,
  // Lines of one posting add up to zero.
  `create table if not exists entry (
     posting text not null references posting (posting), line integer not null, account text not null references account (account),
     amount_minor bigint not null, primary key (posting, line))`,
  // Sign-on. parameters: the version that a device should have. next_box: the chain after the last sign-on, until a frame under it comes
  // (it then takes the place of key_box) or one under the old chain (then it never will); next_spends: it took agreement_box with it.
  // agreement_box: the host's X25519 keys for this terminal, secret and public, sealed. asks_sign_on: its next answer asks for a sign-on.
  `alter table terminal add column if not exists parameters integer not null default 1,
     add column if not exists next_box bytea, add column if not exists next_spends boolean not null default false,
     add column if not exists agreement_box bytea, add column if not exists asks_sign_on boolean not null default false`,
  // Version 4. code: field 60.1. part_minor: of a sale the cash in it, of a tip the tip. added_minor: what tips added to a sale since.
  // before_minor: of a tip what the sale came to before it. refunded_minor: of a sale. original_*: what it is about, of this terminal.
  `alter table txn
     add column if not exists code text not null default '22',
     add column if not exists part_minor bigint not null default 0,
     add column if not exists added_minor bigint not null default 0,
     add column if not exists before_minor bigint not null default 0,
     add column if not exists refunded_minor bigint not null default 0,
     add column if not exists original_batch integer,
     add column if not exists original_stan integer`,
  // What a card has on hold is found by it.
  `create index if not exists txn_card on txn (pan_hash)`,
  // A refund may be of a sale that was paid out before.
  `update account set may_be_negative = true where kind = 'due' and not may_be_negative`,
  // A batch that is closed: the totals of both sides as field 48 has them, without and with the result, and when.
  `create table if not exists settlement (
     tid text not null, batch integer not null, claimed text not null, answered text not null, local_time text not null,
     primary key (tid, batch))`,
  // Records of a batch as its terminal says they are.
  `create table if not exists upload (
     tid text not null, batch integer not null, stan integer not null, mti text not null, code text not null,
     amount_minor bigint not null, response_code text not null, approval_code text not null, primary key (tid, batch, stan))`,
  // What the two books of a closed batch do not agree on: code, amount, or that one of them has no such transaction (null).
  `create table if not exists difference (
     tid text not null, batch integer not null, stan integer not null, terminal_code text, terminal_minor bigint,
     host_code text, host_minor bigint, primary key (tid, batch, stan))`,
  // What terminals of a currency (ISO 4217 number) take cards with at the contactless reader; they load the highest version. record: as
  // it goes over the link and stands in their flash.
  `create table if not exists tap_parameters (
     currency text not null, version integer not null, record bytea not null, primary key (currency, version))`,
  // Version 6. limits: what the terminal may take (see `limits`). method: how a transaction was paid; day: the date of local_time.
  `alter table terminal add column if not exists limits text not null default ''`,
  `alter table txn
     add column if not exists method text not null default '', add column if not exists day text not null default ''`,
  // What a terminal has taken on a day.
  `create index if not exists txn_day on txn (tid, day)`,
  // The firmware of a board (profile) as a slot of its flash holds it; terminals load the highest version. head: from version to digest.
  `create table if not exists firmware (
     profile text not null, version integer not null, head bytea not null, content bytea not null, primary key (profile, version))`,
  // What a terminal says of itself: its version, and whether it is good (0), on trial (1), or there since another was given up (2).
  `alter table terminal add column if not exists firmware integer, add column if not exists firmware_state integer`,
  // Version 7. Cards that no terminal takes, as terminals load them (see `limits/blocks`); the highest version counts.
  `create table if not exists block_list (version integer primary key, record bytea not null)`,
  // The version that a terminal has; null for one that holds no list.
  `alter table terminal add column if not exists block_version integer`,
];

/** Makes what is missing. Throws when the tables are of a newer Tillet. */
export async function migrate(session: Session): Promise<void> {
  for (const statement of STATEMENTS) await session.query(statement);
  const [row] = await session.query("select max(version) as version from schema_version");
  const version = Number(row?.version ?? 0);
  if (version > SCHEMA_VERSION)
    throw new Error(`This database is of schema ${version}; this Tillet knows up to ${SCHEMA_VERSION}.`);
  if (version < SCHEMA_VERSION)
    await session.query("insert into schema_version (version) values ($1)", [SCHEMA_VERSION]);
}
