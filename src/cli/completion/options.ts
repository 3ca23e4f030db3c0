import { dataOptions, type OptionSource, usageOptions } from '../options.ts';

/** Where `values:` looks for the data: the input options that every command has, not shown in help. */
export const valueOptions: readonly OptionSource[] = [
  ...dataOptions,
  ...usageOptions.slice(0, 1),
].map((source) => () => source().hideHelp());
