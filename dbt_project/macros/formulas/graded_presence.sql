{%- macro graded_presence(point, top) -%}
    {#-
        Graded presence (分级): the grade that an assessor gave, as a share of the highest.

        top       the highest grade, whole number above 0
        Domain    0..top; what lies outside counts as the nearer end
        Missing   no grade, no rate
        Source    value type "presence" (fact 35) with grades; the four standards of fact 7
    -#}
    {{ share_of(point, float(top)) }}
{%- endmacro -%}
