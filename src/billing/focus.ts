import type { ChargeLine, LineType } from '../domain/charge-line.ts';
import { decimalText } from '../domain/decimal.ts';
import { repeated } from '../domain/grouping.ts';
import { isStoreUserId } from '../domain/ids.ts';
import { type Instant, instant, instantText } from '../domain/instant.ts';
import { type MonthInvoice, type SeatInvoice, sheetMonth } from '../domain/invoice.ts';
import { WrongUsage } from '../domain/problem.ts';
import { partitionOf, type Region, regionName } from '../domain/region.ts';
import type { RuleId } from '../domain/rule-id.ts';
import {
  type Cell,
  type Column,
  type ColumnKind,
  type RowSource,
  rowSource,
} from '../domain/sheet.ts';
import type { Tier } from '../domain/tier.ts';
import { type FocusPricing, focusPricing } from './focus-pricing.ts';

/** One charge line with everything its FOCUS row is made from. */
interface FocusLine {
  readonly invoice: MonthInvoice;
  readonly seat: SeatInvoice;
  readonly line: ChargeLine;
  readonly pricing: FocusPricing;
  /** The Region's code in AWS's usage types; missing if not known. */
  readonly regionCode: string | undefined;
}

/** The versions of FOCUS that can be written. */
const FOCUS_VERSIONS = ['1.2', '1.4'] as const;
export type FocusVersion = (typeof FOCUS_VERSIONS)[number];

interface FocusColumn extends Column {
  readonly cell: (line: FocusLine) => Cell;
  /** The versions that have it. */
  readonly versions: readonly FocusVersion[];
}

function focusColumn(
  name: string,
  kind: ColumnKind,
  cell: (line: FocusLine) => Cell = () => undefined,
  versions: readonly FocusVersion[] = FOCUS_VERSIONS,
): FocusColumn {
  return { name, kind, adds: false, cell, versions };
}

/** A column of FOCUS 1.2 that cannot apply to Kiro, and is therefore omitted in 1.4. */
function nullColumn(name: string, kind: ColumnKind): FocusColumn {
  return focusColumn(name, kind, undefined, ['1.2']);
}

/** The lines of a month are of few days. */
const knownInstant = repeated(instant);
const knownInstantText = repeated(instantText);

/**
 * All columns of FOCUS, in the order of their names, then those that AWS's own export adds. A
 * column of 1.2 that AWS has for other services, but that cannot apply to Kiro (availability
 * zones, capacity reservations, commitment discounts), is always null; 1.4 has only columns
 * whose condition can hold, and so none for allocations and contracts either. The ids of AWS's
 * invoice are not known here.
 */
const COLUMNS: readonly FocusColumn[] = [
  nullColumn('AvailabilityZone', 'text'),
  focusColumn('BilledCost', 'money', ({ line }) => line.amount),
  focusColumn('BillingAccountId', 'text', accountId),
  focusColumn('BillingAccountName', 'text', accountId),
  focusColumn('BillingAccountType', 'text', () => ACCOUNT_TYPE),
  focusColumn('BillingCurrency', 'text', currency),
  focusColumn('BillingPeriodEnd', 'date', ({ invoice }) => knownInstantText(invoice.period.end)),
  focusColumn('BillingPeriodStart', 'date', ({ invoice }) =>
    knownInstantText(invoice.period.start),
  ),
  nullColumn('CapacityReservationId', 'text'),
  nullColumn('CapacityReservationStatus', 'text'),
  focusColumn('ChargeCategory', 'text', (line) => (isUsage(line) ? 'Usage' : 'Purchase')),
  focusColumn('ChargeClass', 'text'),
  focusColumn('ChargeDescription', 'text', chargeDescription),
  focusColumn('ChargeFrequency', 'text', ({ line }) => FREQUENCIES[line.lineType]),
  focusColumn('ChargePeriodEnd', 'date', ({ invoice }) => knownInstantText(invoice.period.end)),
  focusColumn('ChargePeriodStart', 'date', (line) => knownInstantText(chargePeriodStart(line))),
  nullColumn('CommitmentDiscountCategory', 'text'),
  nullColumn('CommitmentDiscountId', 'text'),
  nullColumn('CommitmentDiscountName', 'text'),
  nullColumn('CommitmentDiscountQuantity', 'quantity'),
  nullColumn('CommitmentDiscountStatus', 'text'),
  nullColumn('CommitmentDiscountType', 'text'),
  nullColumn('CommitmentDiscountUnit', 'text'),
  focusColumn('ConsumedQuantity', 'quantity', (line) =>
    isUsage(line) ? line.pricing.quantityText : undefined,
  ),
  focusColumn('ConsumedUnit', 'text', (line) => (isUsage(line) ? CREDITS : undefined)),
  focusColumn('ContractedCost', 'price', ({ pricing }) => pricing.contractedCost),
  focusColumn('ContractedUnitPrice', 'price', ({ line }) => line.unitPrice),
  focusColumn('EffectiveCost', 'money', ({ line }) => line.amount),
  focusColumn('HostProviderName', 'text', () => AWS, ['1.4']),
  focusColumn('InvoiceDetailId', 'text', undefined, ['1.4']),
  focusColumn('InvoiceId', 'text'),
  focusColumn('InvoiceIssuerName', 'text', () => AWS),
  focusColumn('ListCost', 'price', ({ pricing }) => pricing.listCost),
  focusColumn('ListUnitPrice', 'price', ({ pricing }) => pricing.listUnitPrice),
  focusColumn('PricingCategory', 'text', () => 'Standard'),
  focusColumn('PricingCurrency', 'text', currency),
  focusColumn('PricingCurrencyContractedUnitPrice', 'price', ({ line }) => line.unitPrice),
  focusColumn('PricingCurrencyEffectiveCost', 'money', ({ line }) => line.amount),
  focusColumn('PricingCurrencyListUnitPrice', 'price', ({ pricing }) => pricing.listUnitPrice),
  focusColumn('PricingQuantity', 'quantity', ({ pricing }) => pricing.quantityText),
  focusColumn('PricingUnit', 'text', (line) => (isUsage(line) ? CREDITS : USER_MONTHS)),
  focusColumn('ProviderName', 'text', () => AWS, ['1.2']),
  focusColumn('PublisherName', 'text', () => AWS, ['1.2']),
  focusColumn('RegionId', 'text', ({ seat }) => seat.profile.region),
  focusColumn('RegionName', 'text', ({ seat }) => regionName(seat.profile.region)),
  focusColumn('ResourceId', 'text', resourceId),
  focusColumn('ResourceName', 'text', resourceName),
  focusColumn('ResourceType', 'text', () => 'User'),
  focusColumn('ServiceCategory', 'text', () => 'AI and Machine Learning'),
  focusColumn('ServiceName', 'text', () => 'Kiro'),
  focusColumn('ServiceProviderName', 'text', () => AWS, ['1.4']),
  focusColumn('ServiceSubcategory', 'text', () => 'Generative AI'),
  focusColumn('SkuId', 'text', skuId),
  focusColumn('SkuMeter', 'text', skuMeter),
  focusColumn('SkuPriceDetails', 'text', skuPriceDetails),
  focusColumn('SkuPriceId', 'text', skuPriceId),
  focusColumn('SubAccountId', 'text', accountId),
  focusColumn('SubAccountName', 'text', accountId),
  focusColumn('SubAccountType', 'text', () => ACCOUNT_TYPE),
  focusColumn('Tags', 'text', tags),
  focusColumn('x_Operation', 'text', (line) =>
    isUsage(line) ? 'Credits' : 'monthly-subscription',
  ),
  focusColumn('x_ServiceCode', 'text', () => 'Kiro'),
];

/** Whose cloud, whose product and whose invoice it is; the data do not say which of its companies bills. */
const AWS = 'AWS';
const ACCOUNT_TYPE = 'AWS Account';
const CREDITS = 'Credits';
const USER_MONTHS = 'User-Months';

/**
 * A subscription recurs each month, including its first and an upgraded one; the refund
 * at an upgrade does not; overage depends on usage.
 */
const FREQUENCIES: Readonly<Record<LineType, string>> = {
  subscription: 'Recurring',
  refund: 'One-Time',
  overage: 'Usage-Based',
};

/** Options of the FOCUS output. */
interface FocusOptions {
  readonly version: FocusVersion;
  /** The code with which AWS's usage types name a Region (`USE1`), if known. */
  readonly codeOf: (region: Region) => string | undefined;
}

/**
 * The charge lines of one month's invoice as rows of FOCUS, the FinOps Open Cost and Usage
 * Specification, in the order of the view by line. Nulls are missing cells.
 *
 * A fee and its refund are both `Purchase`, whose refunds the specification counts in, the
 * refund with a negative quantity and cost; it is in the month that it refunds, and so is
 * not a `Correction`. Overage is `Usage`. BilledCost is the rounded line (M2), so that it adds up
 * to the invoice; no prepaid row covers another, so EffectiveCost is the same. ListCost and
 * ContractedCost are the exact products of price and quantity that the specification wants.
 * A profile whose account is not known is `WrongUsage`: BillingAccountId must not be null.
 */
export function focusRows(invoice: MonthInvoice, { version, codeOf }: FocusOptions): RowSource {
  const columns = COLUMNS.filter(({ versions }) => versions.includes(version));
  const seats = invoice.seats.filter(({ lines }) => lines.length > 0);
  refuseUnknownAccounts(seats);
  const lines = {
    *[Symbol.iterator]() {
      for (const seat of seats) yield* focusLines(invoice, seat, codeOf);
    },
  };
  return rowSource(sheetMonth(invoice), columns, lines);
}

function refuseUnknownAccounts(seats: readonly SeatInvoice[]): void {
  const unknown = seats.find(({ profile }) => profile.accountId === '');
  if (unknown === undefined) return;
  throw new WrongUsage(
    `--format focus needs the account of each profile, and that of ${unknown.profile.profileId} is not known: give a profiles.csv`,
  );
}

function focusLines(
  invoice: MonthInvoice,
  seat: SeatInvoice,
  codeOf: FocusOptions['codeOf'],
): FocusLine[] {
  const { region } = seat.profile;
  return seat.lines.map((line) => {
    const pricing = focusPricing(line, invoice.edition, partitionOf(region));
    return { invoice, seat, line, pricing, regionCode: codeOf(region) };
  });
}

function isUsage({ line }: FocusLine): boolean {
  return line.lineType === 'overage';
}

function currency({ invoice }: FocusLine): string {
  return invoice.edition.currency;
}

/**
 * The profile's account, billed and sub account alike: the data do not say which
 * account pays for it. Also used as the account's name, as on AWS's own pages.
 */
function accountId({ seat }: FocusLine): string {
  return seat.profile.accountId;
}

/**
 * From when a line counts; all count to the month's end. A fee and a refund count from
 * their date, so an upgrade changes no day before it: S1 the whole month, S2 from the
 * seat's first day, S3 from the day of the upgrade. Overage (O4) covers the whole month.
 */
function chargePeriodStart({ invoice, line }: FocusLine): Instant {
  return line.lineType === 'overage' ? invoice.period.start : knownInstant(line.date);
}

/** What was charged for which price, in a sentence: it needs no other column to be understood. */
function chargeDescription({ line, invoice }: FocusLine): string {
  const { tier, quantity, lineType, date, rule } = line;
  const price = `${decimalText(line.unitPrice)} ${invoice.edition.currency}`;
  if (quantity.unit === 'credits') {
    return `Kiro ${tier}: overage of ${invoice.period.month}, ${decimalText(quantity.credits)} credits beyond the allowance at ${price} per credit`;
  }
  const { days, daysInMonth } = quantity;
  const share = days === daysInMonth ? 'a whole month' : `${days} of ${daysInMonth} days`;
  const occasion = lineType === 'refund' ? 'refund at the upgrade' : OCCASIONS[rule];
  return `Kiro ${tier}: ${occasion} on ${date}, ${share} at ${price} per user and month`;
}

/** What makes a fee due. */
const OCCASIONS: Readonly<Partial<Record<RuleId, string>>> = {
  S1: 'renewal',
  S2: 'new seat',
  S3: 'upgrade',
};

/** The ARN by which AWS's bill names a user of the Identity Store; any other id as it is. */
function resourceId({ seat }: FocusLine): string {
  const { userId, profile } = seat;
  return isStoreUserId(userId)
    ? `arn:${partitionOf(profile.region)}:identitystore:::user/${userId}`
    : userId;
}

/** The usage type of AWS's bill (`USE1-KiroEnterprise-Pro`), or what is metered in words. */
function skuMeter(line: FocusLine): string {
  if (line.regionCode !== undefined) return `${line.regionCode}-${skuId(line)}`;
  return isUsage(line) ? 'Overage Credits' : 'Monthly Subscription';
}

/** The user's name; null if there is none, or only the id. */
function resourceName({ seat }: FocusLine): Cell {
  return seat.userName === '' || seat.userName === seat.userId ? undefined : seat.userName;
}

/** What is sold, the same in every account and partition, in the words of AWS's usage types. */
function skuId(line: FocusLine): string {
  return isUsage(line) ? 'KiroEnterprise-Credits' : `KiroEnterprise-${tierWord(line.line.tier)}`;
}

/** `ProPlus`, `ProMax`: different for different tiers. */
const tierWord = repeated((tier: Tier) => tier.replaceAll('+', 'Plus').replace(/\s/g, ''));

/** A line of the price list: prices differ by partition, and the overage price by tier. */
function skuPriceId(line: FocusLine): string {
  const partition = partitionOf(line.seat.profile.region);
  const sku = `${partition}/${skuId(line)}`;
  return isUsage(line) ? `${sku}/${tierWord(line.line.tier)}` : sku;
}

/** Only what holds for a SkuPriceId at all times: no price, no allowance. */
function skuPriceDetails({ seat, line }: FocusLine): string {
  return JSON.stringify({ x_Partition: partitionOf(seat.profile.region), x_Tier: line.tier });
}

/** The prefix of tags that are not the user's own: the specification wants one. */
const TAG_PREFIX = 'kiro-bill/';

/** The user's cost center and, with the prefix, what the invoice has beyond the columns. */
function tags({ seat, line }: FocusLine): string {
  const { profile, costCenter, groupId } = seat;
  const all: readonly (readonly [key: string, value: string])[] = [
    ['cost_center', costCenter],
    [`${TAG_PREFIX}profile_id`, profile.profileId],
    [`${TAG_PREFIX}profile_name`, profile.name],
    [`${TAG_PREFIX}group_id`, groupId],
    [`${TAG_PREFIX}tier`, line.tier],
    [`${TAG_PREFIX}line_type`, line.lineType],
    [`${TAG_PREFIX}rule`, line.rule],
  ];
  return JSON.stringify(Object.fromEntries(all.filter(([, value]) => value !== '')));
}
