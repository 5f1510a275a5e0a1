/** A DNS record by which ACM believes that a domain is yours. */
export interface ValidationRecord {
  /** The domain that it proves, without `*.`. */
  readonly domain: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** What ACM says of one name of a certificate. */
export interface ValidationOption {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: string;
  readonly resourceRecordValue: string;
}

/** The records of a certificate, each once: a wildcard and its parent domain share one. Sorted by domain. */
export function recordsFor(options: readonly ValidationOption[]): ValidationRecord[] {
  const records = options.map((option): [string, ValidationRecord] => {
    const domain = option.domainName.replace(/^\*\./, "");
    return [
      domain,
      { domain, name: option.resourceRecordName, type: option.resourceRecordType, value: option.resourceRecordValue },
    ];
  });
  return [...new Map(records).values()].sort((one, other) => (one.domain < other.domain ? -1 : 1));
}

/** The records as people copy them: a line for each part, for a value is longer than a terminal is wide. */
export const readable = (records: readonly ValidationRecord[]): string =>
  records.map(({ name, type, value }) => `    ${type}   ${name}\n    value   ${value}`).join("\n\n");
