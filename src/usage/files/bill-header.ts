/** For each kind of AWS bill, its name and a column that it always has, in lower case: those of `aws/cur-columns.ts`, which usage cannot import. */
const BILL_MARKERS: readonly (readonly [column: string, name: string])[] = [
  ['line_item_product_code', 'a Cost and Usage Report'],
  ['lineitem/productcode', 'a Cost and Usage Report'],
  ['billedcost', 'a FOCUS export'],
];

/**
 * What to do with a file given as something else (`wanted`) that is AWS's bill, judged by its
 * lower-case header names; `undefined` if it is not a bill.
 */
export function billInsteadOf(wanted: string, names: readonly string[]): string | undefined {
  const bill = BILL_MARKERS.find(([column]) => names.includes(column));
  if (bill === undefined) return undefined;
  return `${bill[1]}, which is a bill and no ${wanted}: compare it with the invoice by kiro-bill reconcile --cur PATH, or run kiro-bill import cur PATH -o DIR`;
}
