import { z } from "zod";
import { url } from "../fields.ts";

export default z.object({
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .meta({ description: "Name of the service in traces and logs, instead of the package's." }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url("http", "https").optional().meta({
    description: "Collector that takes traces over OTLP/HTTP; unset: nothing is exported.",
  }),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .optional()
    .meta({ description: "Headers for the collector, as name=value pairs.", secret: true }),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .optional()
    .meta({ description: "Further attributes of the service, as name=value pairs." }),
});
