import { describe, expect, it } from 'vitest';
import {
  bareUserId,
  idDefect,
  isAccountId,
  isStoreUserId,
  profileArn,
  profileTitle,
  shortProfileId,
} from '../../src/domain/ids.ts';

const UUID = '94482408-3061-7014-8c55-1f0a62d9be31';
const PREFIXED = `906702d1ce-${UUID}`;
const ZEROS = '00000000-0000-0000-0000-000000000000';
const MIXED = '94482408-3061-7014-8C55-1F0A62d9bE31';

describe('user ids', () => {
  it.each([
    UUID,
    ZEROS,
    `0000000000-${ZEROS}`,
    UUID.toUpperCase(),
    MIXED,
    PREFIXED,
    PREFIXED.toUpperCase(),
    `90ABcdEF01-${MIXED}`,
  ])('%s is the same user in every form, its case kept', (id) => {
    for (const form of [
      id,
      `d-906702d1ce.${id}`,
      `d-zyxwvut987.${id}`,
      `d-0000000000.${id}`,
      `arn:aws:identitystore:::user/${id}`,
      `arn:aws-us-gov:identitystore:::user/${id}`,
      `arn:aws-cn:identitystore:::user/${id}`,
    ]) {
      expect(bareUserId(form)).toBe(id);
    }
  });

  it.each([
    ['a name', 'alice'],
    ['an e-mail', 'alice@example.com'],
    ['an identity store alone', 'd-906702d1ce'],
    ['nothing behind the store', 'd-906702d1ce.'],
    ['a name behind the store', 'd-906702d1ce.alice'],
    ['a name behind the ARN', 'arn:aws:identitystore:::user/alice'],
    ['a store of nine characters', `d-906702d1c.${UUID}`],
    ['a store of eleven', `d-906702d1ce0.${UUID}`],
    ['a store in upper case', `d-906702D1CE.${UUID}`],
    ['a D in upper case', `D-906702d1ce.${UUID}`],
    ['no dot', `d-906702d1ce-${UUID}`],
    ['two stores', `d-906702d1ce.d-906702d1ce.${UUID}`],
    ['a store inside the ARN', `arn:aws:identitystore:::user/d-906702d1ce.${UUID}`],
    ['an ARN behind the store', `d-906702d1ce.arn:aws:identitystore:::user/${UUID}`],
    ['a prefix of nine digits', `d-906702d1ce.906702d1c-${UUID}`],
    ['a prefix of eleven', `d-906702d1ce.906702d1ce0-${UUID}`],
    ['a prefix that is not hex', `d-906702d1ce.g06702d1ce-${UUID}`],
    ['a UUID that is not hex', 'd-906702d1ce.g4482408-3061-7014-8c55-1f0a62d9be31'],
    ['a UUID one digit short', `d-906702d1ce.${UUID.slice(1)}`],
    ['a UUID one digit long', `d-906702d1ce.${UUID}0`],
    ['a UUID without dashes', `d-906702d1ce.${UUID.replaceAll('-', '')}`],
    ['something behind the UUID', `arn:aws:identitystore:::user/${UUID}/x`],
    ['a newline behind it', `d-906702d1ce.${UUID}\n`],
    ['a space before it', ` d-906702d1ce.${UUID}`],
    ['no partition', `arn::identitystore:::user/${UUID}`],
    ['an account in the ARN', `arn:aws:identitystore::111122223333:user/${UUID}`],
    ['a Region in the ARN', `arn:aws:identitystore:us-east-1::user/${UUID}`],
    ['a group', `arn:aws:identitystore:::group/${UUID}`],
    ['another service', `arn:aws:iam:::user/${UUID}`],
    ['an ARN in upper case', `ARN:aws:identitystore:::user/${UUID}`],
  ])('near misses stay opaque: %s', (_, id) => {
    expect(bareUserId(id)).toBe(id);
  });

  it('a near miss that ends in a whole id stays whole', () => {
    const twice = `arn:aws:identitystore:::user/${UUID}-${UUID}`;
    expect(bareUserId(twice)).toBe(twice);
  });
});

describe('bare ids of the Identity Store', () => {
  const uuid = '1a2B3c4d-0000-4000-8000-00000000000f';
  it.each([uuid, `9067642Ac7-${uuid}`])('%s is one', (id) => {
    expect(isStoreUserId(id)).toBe(true);
  });

  it.each(['alice', `${uuid}0`, `x${uuid}`, `d-90676abcd1.${uuid}`, `906764ac7-${uuid}`, ''])(
    '%s is none',
    (id) => {
      expect(isStoreUserId(id)).toBe(false);
    },
  );
});

describe('ids', () => {
  it.each([
    'a',
    'Alice Moreau',
    '__proto__',
    '=1+1',
    '💳',
    'é',
    '\u00a0',
    '\u2028',
    'a'.repeat(256),
  ])('%j can be one', (id) => {
    expect(idDefect(id)).toBeUndefined();
  });

  it.each(['\u0000', '\u001b[31m', 'a\nb', 'a\tb', '\r', '\u001f', '\u007f', '\u0080', 'x\u009f'])(
    '%j has a control character',
    (id) => {
      expect(idDefect(id)).toContain('control');
    },
  );

  it('the characters beside the controls are none', () => {
    expect(idDefect(' ~\u00a0')).toBeUndefined();
  });

  it('256 bytes are the most, counted in UTF-8', () => {
    expect(idDefect('a'.repeat(257))).toContain('256');
    expect(idDefect('é'.repeat(128))).toBeUndefined();
    expect(idDefect('é'.repeat(129))).toContain('256');
    expect(idDefect('💳'.repeat(64))).toBeUndefined();
    expect(idDefect(`${'💳'.repeat(64)}a`)).toContain('256');
  });
});

describe('profile ARNs', () => {
  it('tell Region and account', () => {
    expect(
      profileArn('arn:aws-us-gov:codewhisperer:us-gov-west-1:111122223333:profile/KR7D'),
    ).toEqual({
      region: 'us-gov-west-1',
      accountId: '111122223333',
      id: 'KR7D',
    });
  });

  it('may have a Region in any case', () => {
    const arn = 'arn:aws-us-gov:codewhisperer:US-GOV-West-1:111122223333:profile/X';
    expect(profileArn(arn)).toMatchObject({ region: 'us-gov-west-1', id: 'X' });
  });

  it.each([
    'P1',
    'arn:aws:codewhisperer:us-east-1:111122223333:profile/',
    'arn:aws:codewhisperer:us-east-1:11112222333:profile/KR7D',
    'arn:aws:codewhisperer:us-east-1:1111222233334:profile/KR7D',
    'arn:aws:codewhisperer::111122223333:profile/KR7D',
    'arn::codewhisperer:us-east-1:111122223333:profile/KR7D',
    'arn:aws:q:us-east-1:111122223333:profile/KR7D',
    'arn:aws:codewhisperer:us-east-1:111122223333:user/KR7D',
    ' arn:aws:codewhisperer:us-east-1:111122223333:profile/KR7D',
    'arn:aws:codewhisperer:us-east-1:111122223333:profile/KR7D\n',
  ])('%j is none', (text) => {
    expect(profileArn(text)).toBeUndefined();
  });
});

describe('how a profile is shown', () => {
  const arn = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/KR7D';

  it('by its name, else by the last part of its ARN, else by its id', () => {
    expect([shortProfileId(arn), shortProfileId('P1')]).toEqual(['KR7D', 'P1']);
    expect(profileTitle({ profileId: arn, name: ' Platform ' })).toBe('Platform');
    expect(profileTitle({ profileId: arn, name: '  ' })).toBe('KR7D');
    expect(profileTitle({ profileId: 'P1', name: '' })).toBe('P1');
  });
});

describe('account ids', () => {
  it('have twelve digits', () => {
    expect(isAccountId('012345678901')).toBe(true);
    for (const text of [
      '',
      '01234567890',
      '0123456789012',
      '0123-4567-8901',
      '01234567890a',
      '０１２３４５６７８９０１',
    ]) {
      expect(isAccountId(text)).toBe(false);
    }
  });
});
