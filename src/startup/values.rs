//! The values of `sys` and `site` by their names in Python, for comparisons.

use bstr::BString;

use super::record::{SiteValues, SysValues, Unset, Value};

/// A value by its name in Python; `None` where there is no such attribute.
pub type Named = (&'static str, Option<Value>);

impl SysValues {
    /// Every attribute but `sys.path`, whose entries have more to them than their values.
    pub fn named(&self) -> Vec<Named> {
        let attribute = |value: &Option<BString>| value.clone().map(Value::Text);
        let home = match &self.home {
            Unset::Absent => None,
            Unset::Set(home) => Some(or_none(home.as_ref())),
        };
        vec![
            ("sys.executable", Some(Value::Text(self.executable.clone()))),
            ("sys._base_executable", attribute(&self.base_executable)),
            ("sys.prefix", Some(Value::Text(self.prefix.clone()))),
            ("sys.exec_prefix", Some(Value::Text(self.exec_prefix.clone()))),
            ("sys.base_prefix", Some(Value::Text(self.base_prefix.clone()))),
            ("sys.base_exec_prefix", Some(Value::Text(self.base_exec_prefix.clone()))),
            ("sys._home", home),
            ("sys.platlibdir", attribute(&self.platlibdir)),
            ("sys._stdlib_dir", attribute(&self.stdlib_dir)),
        ]
    }
}

impl SiteValues {
    /// Whether `site` is imported, and if so its attributes and the files of the customization modules.
    pub fn named(&self) -> Vec<Named> {
        let mut values = vec![("site", Some(Value::Bool(self.enabled)))];
        if self.enabled {
            values.extend([
                ("site.ENABLE_USER_SITE", Some(self.enable_user_site.map_or(Value::None, Value::Bool))),
                ("site.USER_BASE", Some(or_none(self.user_base.as_ref()))),
                ("site.USER_SITE", Some(or_none(self.user_site.as_ref()))),
                ("site.PREFIXES", Some(Value::List(self.prefixes.clone()))),
                ("sitecustomize", Some(or_none(self.customize.sitecustomize.as_ref()))),
                ("usercustomize", Some(or_none(self.customize.usercustomize.as_ref()))),
            ]);
        }
        values
    }
}

fn or_none(value: Option<&BString>) -> Value {
    value.cloned().map_or(Value::None, Value::Text)
}
