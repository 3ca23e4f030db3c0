/** Whether a path has the name of a workbook. */
export function isWorkbookName(path: string): boolean {
  return /\.xls[xm]$/i.test(path);
}
