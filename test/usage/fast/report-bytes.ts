import type { Dice } from './dice.ts';
import { type Style, styled } from './styled.ts';

const COLUMNS = ['Date', 'UserId', 'Client_Type', 'Credits_Used', 'ProfileId'];
const OPTIONAL = [
  'Overage_Credits_Used',
  'Overage_Enabled',
  'Overage_Cap',
  'Subscription_Tier',
  'Usage_Limit',
  'New_User',
  'User_Email',
  'auto_messages',
];
const UUID = '0f8b2c4d-1111-4222-8333-9a0b1c2d3e4f';
const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/XYZ';

/** Values of each column by how they go, the most usual first. */
const VALUES: Readonly<Record<string, { good: readonly string[]; bad: readonly string[] }>> = {
  Date: {
    good: ['2026-01-15', '2026-01-16', '2026-01-31', '2026-02-01', '2025-12-31', '2024-02-29'],
    bad: ['', '2026-01-15T00:00:00Z', '2026-02-30', '2026-1-15', '1999-12-31', 'today'],
  },
  UserId: {
    good: [
      UUID,
      `d-1234567890.${UUID}`,
      'u-1',
      'u-2',
      'Zoë',
      '"u-1"',
      `arn:aws:identitystore:::user/${UUID}`,
    ],
    bad: ['', ' ', 'x'.repeat(257), 'a\u0007b'],
  },
  Client_Type: {
    good: ['KIRO_IDE', 'KIRO_CLI', 'kiro_ide', 'PLUGIN', '', 'a,b', 'straße'],
    bad: ['KIRO_IDE'],
  },
  Credits_Used: {
    good: [
      '1.5',
      '7.0',
      '114.45787414391377',
      '0',
      '0.10',
      '0.1',
      '1e-05',
      '0.00001',
      '1.5000000000000000000',
      '.5',
      '1234567890.5',
      '1234567890.50',
      '0.1234567890123456789',
      '999999999.999999999999999999',
      '1e40',
    ],
    bad: ['', '-1', '-0', 'NaN', '1,5', '1e41', '.'],
  },
  ProfileId: {
    good: [
      ARN,
      ARN.replace('us-east-1', 'eu-central-1'),
      'p-1',
      'prófil',
      'p-2',
      ARN.replace('XYZ', 'ABC'),
    ],
    bad: ['', 'p\u0000', 'x'.repeat(257), 'nobody'],
  },
  Overage_Credits_Used: {
    good: ['0.0', '0', '', '2.25', '2.250', '0.3333333333333333', '1e-05', '5000000000'],
    bad: ['-1', 'x', '1 2'],
  },
  Overage_Enabled: { good: ['true', 'false', 'TRUE', '', 'enabled'], bad: ['maybe', '1'] },
  Overage_Cap: { good: ['1000', '1000.0', '', '1e3', '250', '0'], bad: ['none', '-5', 'lots'] },
  Subscription_Tier: {
    good: ['PRO', 'ProPlus', 'PRO_PLUS', 'POWER', 'FREE', 'free', '', 'Kiro Free'],
    bad: ['PRO'],
  },
  Usage_Limit: { good: ['1000', '', '1000.0', '2000', '2.5e3'], bad: ['-1', 'none'] },
  New_User: { good: ['false', 'true', ''], bad: ['maybe'] },
  User_Email: { good: ['a@example.com', '', 'x, "y"', 'two\nlines'], bad: ['a@example.com'] },
  auto_messages: { good: ['3', '', 'many'], bad: ['3'] },
};

/** Random activity reports whose rows often have the same keys. */
export class ReportBytes {
  readonly #dice: Dice;
  readonly #badOneIn: number;
  readonly #rareOneIn: number;

  /** How rarely things are bad, 0 for never; how rarely they are of a rare kind. */
  constructor(dice: Dice, { badOneIn, rareOneIn }: { badOneIn: number; rareOneIn: number }) {
    this.#dice = dice;
    this.#badOneIn = badOneIn;
    this.#rareOneIn = rareOneIn;
  }

  /** A file of up to so many rows. */
  file(mostRows: number): Buffer {
    const dice = this.#dice;
    const columns = dice.shuffled([...COLUMNS, ...OPTIONAL.filter(() => !dice.oneIn(4))]);
    const lineEnd = dice.pick(['\n', '\n', '\r\n']);
    const style = dice.pick<Style>(['plain', 'quoted', 'mixed', 'spaced']);
    const rows = dice.roll(mostRows + 1);
    let text = (dice.oneIn(5) ? '\ufeff' : '') + columns.join(',') + lineEnd;
    for (let row = 0; row < rows; row += 1) {
      const fields = columns.map((name) => styled(dice, this.#value(name), style));
      if (this.#isBad(5)) fields.pop();
      if (dice.oneIn(20)) text += `${','.repeat(fields.length - 1)}${lineEnd}`;
      text += fields.join(',') + (row === rows - 1 && dice.oneIn(3) ? '' : lineEnd);
      if (dice.oneIn(30)) text += lineEnd;
    }
    return Buffer.from(text);
  }

  #value(column: string): string {
    const dice = this.#dice;
    const { good, bad } = VALUES[column] as (typeof VALUES)[string];
    if (this.#isBad(2)) return dice.pick(bad);
    return dice.oneIn(this.#rareOneIn) ? dice.pick(good) : (good[dice.roll(2)] as string);
  }

  #isBad(share: number): boolean {
    return this.#badOneIn > 0 && this.#dice.oneIn(this.#badOneIn * share);
  }
}
