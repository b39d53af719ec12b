//! A server with orders, and loads on it.

use std::process::Output;

use serde_json::Value;

use crate::common::{Bench, Server, order};

/// What every load is told here besides what it does.
pub const SMALL: [&str; 4] = ["--certs", "pki", "--euiccs", "3"];

/// A server whose store has so many orders, `LOAD-1` and so on.
pub struct Lab {
    pub bench: Bench,
    pub server: Server,
}

impl Lab {
    pub fn new(orders: u64) -> Self {
        let bench = Bench::new();
        bench.write("orders.toml", order("FIRST-1", ""));
        let count = orders.to_string();
        bench.rsp_ok(&["load", "orders", "--store", "store", "--count", &count, "--size", "2000"]);
        let server = bench.serve(&[]);
        Self { bench, server }
    }

    /// Runs `rsp load …` on the server with a result in JSON.
    pub fn load(&self, what: &str, more: &[&str]) -> Loaded {
        let address = self.address();
        let fixed = ["load", what, &address, "--json", "result.json"];
        let output = self.bench.rsp(&[&fixed[..], &SMALL, more].concat());
        self.loaded(output)
    }

    pub fn address(&self) -> String {
        format!("localhost:{}", self.server.port())
    }

    pub fn loaded(&self, output: Output) -> Loaded {
        let text = std::fs::read_to_string(self.bench.path("result.json"));
        let result = text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Loaded { output, result }
    }

    /// How many orders are in a state.
    pub fn orders_in(&self, state: &str) -> usize {
        self.bench.orders().lines().filter(|line| line.contains(state)).count()
    }
}

/// What a load said.
pub struct Loaded {
    pub output: Output,
    pub result: Value,
}

impl Loaded {
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// How attempts ended, and how often.
    pub fn outcomes(&self) -> Vec<(String, u64)> {
        let outcomes = self.result["outcomes"].as_array().cloned().unwrap_or_default();
        let told = |outcome: &Value| {
            (outcome["name"].as_str().unwrap().to_owned(), outcome["count"].as_u64().unwrap())
        };
        outcomes.iter().map(told).collect()
    }

    /// Panics unless exactly so many attempts were made and all succeeded.
    pub fn assert_all_succeeded(&self, attempts: u64) {
        assert_eq!(self.outcomes(), [("ok".to_owned(), attempts)], "{}{}", self.printed(), self.told());
        assert!(self.output.status.success());
    }

    /// The names of the steps that were measured.
    pub fn steps(&self) -> Vec<String> {
        let steps = self.result["steps"].as_array().cloned().unwrap_or_default();
        steps.iter().map(|step| step["name"].as_str().unwrap().to_owned()).collect()
    }
}
