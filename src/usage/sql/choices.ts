/** The engines that have a statement. */
export const SQL_ENGINES = ['duckdb', 'athena', 'spark'] as const;
export type SqlEngine = (typeof SQL_ENGINES)[number];

/** What a statement reduces: request usage or activity reports. */
export const SQL_SOURCES = ['requests', 'activity'] as const;
export type SqlSource = (typeof SQL_SOURCES)[number];
