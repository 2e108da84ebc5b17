//! SSM's parameters: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/>.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::reply::{Reply, error, failure};
use crate::files;

/// The parameters, in memory and in the data folder.
pub(super) struct Parameters {
    values: Mutex<BTreeMap<String, String>>,
    file: Option<PathBuf>,
}

impl Parameters {
    /// Reads the parameters of a data folder, if there is one.
    pub(super) fn open(folder: Option<&Path>) -> io::Result<Self> {
        let file = folder.map(|folder| folder.join("parameters.json"));
        let values = match file.as_deref().map(std::fs::read) {
            Some(Ok(json)) => serde_json::from_slice(&json)?,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => BTreeMap::new(),
        };
        Ok(Self { values: Mutex::new(values), file })
    }

    /// `GetParameter`.
    pub(super) fn get(&self, request: &Value) -> Reply {
        let name = request["Name"].as_str().unwrap_or_default();
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(value) = values.get(name) else { return error("ParameterNotFound") };
        let parameter = json!({ "Name": name, "Type": "SecureString", "Value": value });
        (200, json!({ "Parameter": parameter }).to_string().into())
    }

    /// `PutParameter`.
    pub(super) fn put(&self, request: &Value) -> Reply {
        let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if values.contains_key(&text("Name")) && request["Overwrite"] != true {
            return error("ParameterAlreadyExists");
        }
        let mut changed = values.clone();
        changed.insert(text("Name"), text("Value"));
        if let Some(file) = &self.file {
            let json = serde_json::to_vec(&changed).unwrap_or_default();
            if let Err(cause) = files::replace(file, &json) {
                return failure("cannot store a parameter", &cause);
            }
        }
        *values = changed;
        (200, json!({ "Version": 1 }).to_string().into())
    }
}
