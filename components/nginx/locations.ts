import { readTimeout } from "../edge/timeouts.ts";
import { seconds } from "../shared/units.ts";
import { nginx } from "./build.ts";
import type { Node } from "./model.ts";
import { addressesOf, movedTo, placesOf, type PathRule } from "./path-rules.ts";
import { access, passwordKept } from "./presets/access.ts";
import { APP } from "./presets/balancing.ts";
import { acceptedEncoding, CACHED_PAGES, cachedPages, refreshing } from "./presets/cache.ts";
import { rateLimit, type RateLimit } from "./presets/rate-limit.ts";
import { redirect } from "./presets/redirects.ts";
import { streaming } from "./presets/streaming.ts";
import { answerWithin } from "./presets/timeouts.ts";
import type { Site } from "./site.ts";
import type { Path, Time } from "./values.ts";
import { connection, told, visitorHost } from "./visitor.ts";

/** The places of the application, and what they need beside their server. */
export interface Locations {
  readonly http: Node<"http">[];
  readonly server: Node<"server">[];
  /** How long pages are kept, for each place that does. */
  readonly kept: readonly Time[];
}

/** @param always Headers that every answer has; a place that adds one repeats them. */
export function locations(site: Site, always: readonly Node<"location">[]): Locations {
  const places = placesOf(site.paths);
  const limits = new Map<Path, RateLimit>();
  for (const { rule, rateLimitOf } of places) if (isLimited(rule)) limits.set(rateLimitOf, rule.rateLimit);
  return {
    http: [
      ...[...limits].map(([path, limit]) => rateLimit(path, limit).zone),
      ...places.flatMap(({ rule }, index) =>
        rule.refresh && keptFor(rule) !== undefined ? refreshing(refreshName(index), rule.refresh) : [],
      ),
      ...(places.some(({ rule }) => rule.streaming) ? [streaming().map] : []),
    ],
    server: places.flatMap(({ path, rule, rateLimitOf }, index) => {
      const target = movedTo(rule);
      const nodes = [
        ...(rule.log === false ? [nginx.access_log("off")] : []),
        ...(target === undefined
          ? [
              ...access(rule),
              ...(isLimited(rule) ? rateLimit(rateLimitOf, rule.rateLimit).limit : []),
              ...body(rule),
              ...answers(site, rule, refreshName(index), always),
            ]
          : redirect(target)),
      ];
      return addressesOf(site.paths, path).map((address) => nginx.location(address, ...nodes));
    }),
    kept: places.flatMap(({ rule }) => keptFor(rule) ?? []),
  };
}

const refreshName = (index: number): string => `refresh_${index + 1}`;

const isLimited = (rule: PathRule): rule is PathRule & { readonly rateLimit: RateLimit } =>
  rule.rateLimit !== undefined && rule.rateLimit !== "off";

const keptFor = (rule: PathRule): Time | undefined =>
  rule.cache === "off" || movedTo(rule) !== undefined ? undefined : rule.cache;

/** What of a request the application gets, and when. */
const body = ({ upload, uploadBuffering }: PathRule): Node<"location">[] => [
  ...(upload === undefined ? [] : [nginx.client_max_body_size(upload)]),
  ...(uploadBuffering === false ? [nginx.proxy_request_buffering("off")] : []),
];

/** How an answer comes to the visitor: through the cache, as a stream, or as nginx does it. */
function answers(
  site: Site,
  rule: PathRule,
  refreshedBy: string,
  always: readonly Node<"location">[],
): Node<"location">[] {
  const keep = keptFor(rule);
  const { headers, unbuffered } = streaming();
  const own = [
    ...(rule.auth ? passwordKept() : []),
    ...(keep === undefined ? [] : [acceptedEncoding(compressed(rule))]),
  ];
  return [
    ...(rule.timeout === undefined ? [] : answerWithin(readTimeout(seconds(rule.timeout)))),
    nginx.proxy_pass(keep === undefined ? `http://${APP}` : CACHED_PAGES),
    ...(own.length === 0 && !rule.streaming
      ? []
      : [...told(site, visitorHost(site)), ...own, ...(rule.streaming ? headers : connection(site.balancing))]),
    ...(keep === undefined
      ? []
      : cachedPages(
          {
            keep,
            compressed: compressed(rule),
            ofNginx: rule.auth === true,
            ...(rule.refresh && { refresh: refreshedBy }),
          },
          always,
        )),
    ...(rule.streaming ? unbuffered : []),
    ...(keep === undefined && (rule.streaming || !compressed(rule)) ? [nginx.gzip("off")] : []),
  ];
}

const compressed = ({ compression }: PathRule): boolean => compression !== false;
