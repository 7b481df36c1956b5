"""How functions are compiled that only other kernels call.

Numba makes machine code of every function, after all optimisations, and links the
optimised form into each caller, where it is optimised again. Of a function that is
always inlined nothing is left but what its callers were made of: leaving both to them
compiles a training loop sooner, and changes no result.
"""

import numba
from llvmlite import binding
from numba.core import compiler
from numba.core.codegen import JITCodeLibrary

# Numba reaches the constants of a function by a global variable of this name.
_ENVIRONMENT = "_ZN08NumbaEnv"
# Versions of Numba whose insides are known to be as this file needs them.
KNOWN = ((0, 68),)


class InlinedLibrary(JITCodeLibrary):
    """Code to be linked into callers; it has no address of its own."""

    def _optimize_final_module(self):
        """The first, cheap stage of Numba's, and what is left without a use dropped."""
        passes, options = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        # Addresses of functions that were passed on; unused, they would forbid caching.
        passes.add_global_dead_code_eliminate_pass()
        passes.run(self._final_module, options)

    def _finalize_final_module(self):
        """Make machine code of nothing but the variables that Numba sets at once."""
        whole = self._final_module
        self._finalize_dynamic_globals()
        self._final_module = _environments_of(whole)
        super()._finalize_final_module()
        self._final_module = whole


def _environments_of(module):
    """A module of the variables of another that hold functions' constants."""
    lines = [
        str(variable)
        for variable in module.global_variables
        if variable.name.startswith(_ENVIRONMENT)
    ]
    layout, triple = module.data_layout, module.triple
    head = [f'target datalayout = "{layout}"', f'target triple = "{triple}"']
    environments = binding.parse_assembly("\n".join(head + lines))
    environments.name = module.name
    return environments


class InlinedCompiler(compiler.Compiler):
    """Numba's compiler, with an `InlinedLibrary` for the code."""

    def define_pipelines(self):
        """As Numba's; the library must be there before the first pass asks for it."""
        state = self.state
        name = state.func_id.func_qualname
        state.library = InlinedLibrary(state.targetctx.codegen(), name)
        state.library.enable_object_caching()
        return super().define_pipelines()


# Options of `numba.njit` for such functions: none where Numba is another.
INLINED = {"pipeline_class": InlinedCompiler} if numba.version_info[:2] in KNOWN else {}
