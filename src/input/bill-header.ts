/** The column of a CUR that says whose a row is, in CUR 2.0 and in a legacy CUR: every CUR has one of them. */
export const CUR_PRODUCT = ['line_item_product_code', 'lineItem/ProductCode'] as const;
/** The column of costs, which every FOCUS export has. */
export const FOCUS_COST = 'BilledCost';

/**
 * What to do with a file given as something else (`wanted`) that is AWS's bill, judged by its
 * lower-case header names; `undefined` if it is not a bill.
 */
export function billInsteadOf(wanted: string, names: readonly string[]): string | undefined {
  const has = (column: string): boolean => names.includes(column.toLowerCase());
  const isCur = CUR_PRODUCT.some(has);
  if (!isCur && !has(FOCUS_COST)) return undefined;
  const bill = isCur ? 'a Cost and Usage Report' : 'a FOCUS export';
  return `${bill}, which is a bill, not ${wanted}: compare it with the invoice by kiro-bill reconcile --cur PATH, or run kiro-bill import cur PATH -o DIR`;
}
