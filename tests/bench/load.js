// One virtual user a connection; each sends the next call of the list as soon as its last one is answered.
import http from "k6/http";
import exec from "k6/execution";
import { SharedArray } from "k6/data";

const plan = JSON.parse(open(__ENV.PLAN));
const calls = new SharedArray("calls", () => JSON.parse(open(__ENV.CALLS)));
http.setResponseCallback(http.expectedStatuses(200));

export const options = {
  scenarios: {
    load: { executor: "constant-vus", vus: plan.connections, duration: `${plan.seconds}s`, gracefulStop: "5s" },
  },
  discardResponseBodies: true,
  summaryTrendStats: ["med", "p(95)", "p(99)", "max"],
  systemTags: [],
};

export default function () {
  const call = calls[exec.scenario.iterationInTest % calls.length];
  const headers = call.token ? { ...plan.headers, Authorization: call.token } : plan.headers;
  http.request(plan.method, plan.url + (call.path || ""), call.body, { headers });
}
