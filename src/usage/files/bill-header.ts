/** Of each kind of bill from AWS a column that it always has, in lower case, and its name. */
const BILL_COLUMNS: readonly (readonly [column: string, name: string])[] = [
  ['line_item_product_code', 'a Cost and Usage Report'],
  ['lineitem/productcode', 'a Cost and Usage Report'],
  ['billedcost', 'a FOCUS export'],
];

/**
 * What to do with a file given for something else (`wanted`) that is AWS's bill, by the names
 * of its header in lower case; nothing where it is none.
 */
export function billInsteadOf(wanted: string, names: readonly string[]): string | undefined {
  const bill = BILL_COLUMNS.find(([column]) => names.includes(column));
  if (bill === undefined) return undefined;
  return `${bill[1]}, which is a bill and no ${wanted}: compare it with the invoice by kiro-bill reconcile --cur PATH, or run kiro-bill import cur PATH -o DIR`;
}
