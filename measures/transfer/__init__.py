"""Measures come in from CSV and XLSX files and go out into them.

in   bytes -> reading.read -> columns.guess -> planning.make_plan -> importing.import_table
out  overview -> exporting.rows -> exporting.to_csv, exporting.to_xlsx
"""
