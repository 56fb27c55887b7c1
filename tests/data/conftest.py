"""A tiny folder of invented figures with the shape of the real one, to compile vintages from."""

from __future__ import annotations

from pathlib import Path

import pytest

TABLES = {
    "macro_annual": """iso3,year,variable,value,source
KEN,2021,gdp_usd,100.0,IMF_WEO_2026-04
KEN,2021,gdp_usd,90.0,WB_WDI
KEN,2022,gdp_usd,95.0,WB_WDI
UGA,2022,gdp_usd,40.0,WB_WDI
KEN,2018,exports_gs_usd,10.0,WB_WDI
KEN,2019,exports_gs_usd,11.0,derived: WDI %GDP x WDI GDP
KEN,2020,exports_gs_usd,99.0,CIA_Factbook
NAM,2021,population,2500000,WB_WDI
CXR,2021,population,1800,CIA_Factbook
SLE,2010,broad_money_pct_gdp,9000,WB_WDI_2026
""",
    "bop_quarterly": """iso3,date,variable,value,source
BRA,2024-Q4,portfolio_net_usd,-5.0,IMF_BOP_2025-07
""",
    "fx_official_monthly": """iso3,date,lcu_per_usd_avg,source
KEN,2024-01,160.0,IMF_ER_via_WESP_2026-01
VEN,2018-01,326.8,IMF_ER_via_WESP_2026-01
""",
    "fx_official_other": """date,iso3,currency,lcu_per_usd,lcu_per_usd_rebased,freq,kind,source,unit_break
2023-12-31,KEN,,139.8,139.8,A,official_avg,WB_WDI_PA.NUS.FCRF,
2026-06-01,ZAF,ZAR,18.1,18.1,M,official_avg,FRB_H10_datahub,
2025-03-31,KEN,KES,129.2,129.2,Q,official_reporting_rate,US_Treasury_RRE,
2025-04-15,KEN,KES,129.9,129.9,Q,official_reporting_rate,US_Treasury_RRE,
""",
    "fx_ecb_daily": "date,iso3,currency,lcu_per_usd\n2024-01-02,CZE,CZK,22.5\n",
    "policy_rate_monthly": """iso3,date,policy_rate_pct,source
BRA,2023-12,11.75,BIS_CBPOL_2024-01
BRA,2024-01,11.25,IMF_MFS_IR_via_WESP_2026-01
""",
    "cpi_monthly": """iso3,date,variable,value,source,flag
KEN,2022-12,cpi_index,128.0,WB_GIDB_2024-04,
VGB,2022-12,cpi_inflation_yoy_pct,1.5,WB_GIDB_2024-04,
""",
    "crypto_daily": """date,asset,price_usd,market_cap_usd,supply,hash_rate_th_s,source
2010-01-01,btc,,0.0,1600000,0.01,coinmetrics_2026-03
2022-11-30,btc,17176.9,3.3e11,19200000,2.6e8,coinmetrics_2026-03
""",
    "dai_daily": "date,dai_price_usd,dai_market_cap_usd\n2021-01-01,1.001,1.2e9\n",
    "stablecoins_defi_daily": """date,variable,value,source
2024-01-01,stablecoin_supply_total_usd,1.3e11,DefiLlama_via_finance-terminal
""",
    "parallel_fx": """date,iso3,currency,official_lcu_per_usd,parallel_lcu_per_usd,premium_pct,market,source
2023-01-02,ARG,ARS,177.1,346.0,95.3,dolar_blue (informal cash),ayrtondiaz/dataset_ar@ec0a8d9 (blue.xlsx)
2025-01-02,BOL,BOB,,10.9,,Binance P2P USDT/BOB,"mauforonda/dolares@b0e7563 (buy.csv, sell.csv)"
""",
    "bol_reference_rate": """iso3,date,variable,value,source
BOL,2025-01-02,bob_bcb_reference_buy,11.0,BCB reference value via mauforonda/dolares
""",
    "regional_volume": """region,region_code,period_start,period_end,\
value_received_usd_bn,share_of_global_pct,kind,url,note,origin
North America,,2020-07-01,2021-06-30,750.0,18.4,quoted,https://example.org/a,,Chainalysis (secondary page)
Eastern Asia,EASIA,2020-07-01,2021-06-30,591.0,14.0,quoted,"UN E/C.16/2023/7, para 20",,Chainalysis (secondary page)
""",
    "country_crypto": """iso3,period,metric,value,unit,kind,source,url,note
KEN,2022,chainalysis_gcai_rank,19.0,rank,transcribed,Chainalysis GCAI 2022,https://example.org/b,
KEN,2022,gcai_rank_p2p,5.0,rank,transcribed,Chainalysis GCAI 2022,https://example.org/b,
KEN,2022,gcai_rank_cex_value,39.0,rank,transcribed,Chainalysis GCAI 2022,https://example.org/b,
KEN,2021,ownership_share_pct_population,8.5,%,quoted,"UNCTAD policy brief 100 (2022), as reported",https://example.org/c,
UAE,2023-07-01/2024-06-30,crypto_value_received_usd_bn,30.0,USD bn,quoted,Chainalysis Geography report,https://example.org/d,
""",
    "regulation": """iso3,status,as_of_or_from,to,source,url,note
AUS,aml_cft_applied,2021-11,,UN document (LoC Nov 2021),paper,example list only
""",
    "regimes_controls_openness": "iso3,year,variable,value,source\nKEN,2019,fkrsu_ka,0.5,FKRSU_2021-12-08\n",
    "deposit_dollarization": "iso3,year,variable,value,source\nKEN,2019,deposit_dollarization_pct,17.0,Jang_2021_v1.0.0\n",
    "remittance_cost_corridor": """from_iso3,to_iso3,date,cost_200_pct,source,cost_500_pct,fx_margin_200_pct,num_providers
GBR,KEN,2024-Q4,7.5,WB_RPW_filtered_via_thesis,5.0,1.5,12
""",
    "mining_share_monthly": """month,iso3,hashrate_share_pct,hashrate_eh_s,source
2021-08-01,KAZ,18.1,24.0,CCAF_CBECI_via_sorianom23
2021-08-01,OTHER,10.0,13.0,CCAF_CBECI_via_sorianom23
""",
    "global_daily": """date,variable,value,source
2024-01-01,us_cpi_index_sa,309.7,FRED_CPIAUCSL
2024-01-02,vix_close,13.2,CBOE_VIX
""",
}

FACTS = """country,series,period,value,unit,data_class,source,organisation,url,licence_class,accessed,note
KEN,ownership_share_pct_population,2024,5.1,pct_population,survey,Example_2024,"Example, Survey",\
https://example.org/e,facts-quoted,2026-11-01,a note
SLV,government_bitcoin_holdings,2025-03,6100,coins,measured,Example_2025,Example office,https://example.org/f,facts-quoted,2026-11-01,
"""


@pytest.fixture
def figures_folder(tmp_path: Path) -> Path:
    """A folder of all tables, with one that must never be read."""
    folder = tmp_path / "figures"
    (folder / "not_open").mkdir(parents=True)
    (folder / "not_open" / "crypto_prices.csv").write_text("date,price\n2024-01-01,666.0\n", encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def supplement(tmp_path: Path) -> Path:
    """A folder of facts typed by hand."""
    folder = tmp_path / "supplement"
    folder.mkdir()
    (folder / "facts.csv").write_text(FACTS, encoding="utf-8")
    return folder
