import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { decimal } from '../../src/domain/decimal.ts';

/** A line of AWS's bill: a month of Pro, charged to a user. */
export const FEE: KiroLine = {
  month: '2026-01',
  payerId: 'payer',
  accountId: 'account',
  code: 'USE1',
  region: 'us-east-1',
  item: 'Pro',
  lineType: 'FlatRateSubscription',
  operation: 'monthly-subscription',
  column: 'direct_charge',
  charge: 'subscription',
  userId: 'alice',
  quantity: decimal('1'),
  cost: decimal('20'),
  currency: 'USD',
  isInvoiced: true,
  tags: new Map(),
};
