//! The faces that are made of wasm crates and static files: which modules each has, and where they are put together.

use crate::place::Place;
use std::path::PathBuf;

/// One face that is made of a wasm crate and static files.
pub struct Face {
    /// Folder of the crate and of the package.
    pub folder: &'static str,
    /// What is compiled out of the crate.
    pub modules: &'static [Module],
    /// Folders copied as they are.
    pub copied: &'static [&'static str],
    /// Whether its interface is in the language for tests, which is no package.
    pub pseudo: bool,
}

/// One wasm module with its glue.
pub struct Module {
    /// Name of its files.
    pub name: &'static str,
    /// Features of the crate that it is made of; all when empty.
    pub features: &'static str,
    /// Profile of the workspace.
    pub profile: &'static str,
    /// Whether it uses vector instructions.
    pub simd: bool,
}

/// The page first: the extension takes its tools from it.
pub const FACES: &[Face] = &[
    Face {
        folder: "www",
        modules: &[
            // The document and its worker run the same module; a browser takes the build that it can run.
            Module {
                name: "org2org_www",
                features: "",
                profile: "small",
                simd: true,
            },
            Module {
                name: "org2org_www_plain",
                features: "",
                profile: "small",
                simd: false,
            },
        ],
        copied: &["www/static"],
        pseudo: false,
    },
    Face {
        folder: "extension",
        modules: &[
            Module {
                name: "org2org_panel",
                features: "panel",
                profile: "small",
                simd: false,
            },
            // The same with every procedure: loaded once a choice asks for more than the first one has.
            Module {
                name: "org2org_panel_all",
                features: "panel,all",
                profile: "small",
                simd: false,
            },
            // Beside either of them, loaded once the doctor is asked for.
            Module {
                name: "org2org_doctor",
                features: "doctor",
                profile: "small",
                simd: false,
            },
            // Likewise for the list of all pairs.
            Module {
                name: "org2org_pairs",
                features: "pairs",
                profile: "small",
                simd: false,
            },
            // Beside the page's own module on the page of tools.
            Module {
                name: "org2org_tools",
                features: "tools",
                profile: "small",
                simd: false,
            },
            // By itself, since it opens with every click on the icon.
            Module {
                name: "org2org_popup",
                features: "popup",
                profile: "small",
                simd: false,
            },
        ],
        copied: &["extension/static", "extension/js"],
        pseudo: false,
    },
];

/// The page in the language for tests; those browsers all have vectors.
pub const PSEUDO: Face = Face {
    folder: "www",
    modules: &[Module {
        name: "org2org_www",
        features: "pseudo",
        profile: "small",
        simd: true,
    }],
    copied: &["www/static"],
    pseudo: true,
};

/// The `csv` crate as a module, to be measured beside ours.
pub const PEER: Face = Face {
    folder: "bench/csv-wasm",
    modules: &[Module {
        name: "org2org_bench_csv",
        features: "",
        profile: "speed",
        simd: false,
    }],
    copied: &[],
    pseudo: false,
};

impl Face {
    /// Where it is put together.
    pub fn home(&self, place: &Place) -> PathBuf {
        match self.pseudo {
            true => place.target.join("pseudo"),
            false => place.dist(self.folder),
        }
    }

    /// Where one of its modules is compiled to.
    pub fn module_folder(&self, place: &Place, module: &Module) -> PathBuf {
        let modules = place.target.join("pkg");
        match self.pseudo {
            true => modules.join("pseudo").join(module.name),
            false => modules.join(module.name),
        }
    }
}
