//! The conditions of a list that is asked for: only those that are set, so that the data base finds its indexes.

use super::Value;

/// Conditions, with the values of their placeholders.
#[derive(Default)]
pub struct Conditions {
    text: String,
    parameters: Vec<Value>,
}

impl Conditions {
    /// One more, if there is a value for it; `condition` ends where the value stands.
    pub fn and(&mut self, condition: &str, value: Option<Value>) {
        let Some(value) = value else { return };
        self.parameters.push(value);
        self.also(&format!("{condition}${}", self.parameters.len()));
    }

    /// One more, without a value.
    pub fn also(&mut self, condition: &str) {
        if !self.text.is_empty() {
            self.text += " AND ";
        }
        self.text += condition;
    }

    /// What stands behind WHERE, and its values.
    pub fn ordered_by(mut self, column: &str, limit: u32) -> (String, Vec<Value>) {
        if self.text.is_empty() {
            self.text += "1 = 1";
        }
        self.parameters.push(limit.into());
        self.text += &format!(" ORDER BY {column} LIMIT ${}", self.parameters.len());
        (self.text, self.parameters)
    }
}
