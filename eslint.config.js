import js from "@eslint/js";

export default [
  js.configs.recommended,
  {
    files: ["static/js/**/*.js", "tests/js/**/*.mjs"],
    rules: {
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", 40],
      "no-restricted-syntax": ["error", {
        selector: "TemplateLiteral TemplateLiteral",
        message: "What strips the scripts (registry/static_files.py) reads no template within a template.",
      }],
      "no-undef": "off", // tsc knows the names of a browser
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
    },
  },
];
